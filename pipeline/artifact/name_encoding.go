package artifact

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// nameEncoding is an encoding that desks have had, with what is common in it.
type nameEncoding struct {
	encoding.Encoding
	// common is the first and the last lead byte of the characters that are in
	// daily use, of an encoding with two bytes for a character.
	common [2]byte
	// frequent are those that file names are made of most.
	frequent string
	// rare is true for an encoding that archives are seldom in.
	rare bool
}

// nameEncodings are tried; of two that fit equally the first counts.
var nameEncodings = []nameEncoding{
	{Encoding: charmap.CodePage850},
	{Encoding: charmap.Windows1252},
	{Encoding: charmap.CodePage437},
	{Encoding: japanese.ShiftJIS, common: [2]byte{0x88, 0x97}, frequent: frequentJapanese},
	{Encoding: simplifiedchinese.GB18030, common: [2]byte{0xb0, 0xd7}, frequent: frequentChinese},
	{Encoding: traditionalchinese.Big5, common: [2]byte{0xa4, 0xc6}, frequent: frequentTraditional},
	{Encoding: korean.EUCKR, common: [2]byte{0xb0, 0xc8}, frequent: frequentKorean},
	{Encoding: japanese.EUCJP, common: [2]byte{0xb0, 0xcf}, frequent: frequentJapanese},
	{Encoding: charmap.CodePage866},
	{Encoding: charmap.Windows1251},
	{Encoding: charmap.KOI8R, rare: true},
	{Encoding: charmap.CodePage852},
	{Encoding: charmap.Windows1250},
	{Encoding: charmap.Windows1254},
	{Encoding: charmap.Windows1253},
	{Encoding: charmap.CodePage862},
	{Encoding: charmap.Windows1255},
	{Encoding: charmap.Windows1256},
	{Encoding: charmap.Windows874},
	{Encoding: charmap.Windows1257},
	{Encoding: charmap.Windows1258},
}

const (
	frequentLatin = "äöüßéèêëàâáçñíóúôîïûùãåøæÄÖÜÉÈÀÁÇÑÅØÆ"
	// rareLatin stand where Turkish has letters of daily use.
	rareLatin = "þðýÞÐÝ"
	// frequentLetters and rareLetters are of scripts with a byte for each letter.
	frequentLetters = "оеаинтсрвлкмдпуыяьгзОЕАИНТСРВЛКМДПУ" + "αεοιτνσηρκπλμυόίςάέΣΤΠΕΑ" + "יוהלאמתרבנש" + "اليمنرتوبةعد" + "กนรอาเงดสมยลท"
	rareLetters     = "щъэфцжхшёйюЩЪЭФЦЖХШЁЙЮЬЫ" + "ξψζϊϋΐΰΞΨΖ" + "ץףזטגצך" + "ظغثذضءئؤ"
	// vowels are of those scripts that write them.
	vowels = "оеаиуыэюяёОЕАИУЫЭЮЯЁіїє" + "αεηιουωάέήίόύώϊΑΕΗΙΟΥΩΆΈΉΊΌΎΏ"

	frequentJapanese    = "請求書領収納品見積注文契約報告表紙一覧資料会議事録案内明細株式社御中様月年日分号第新旧最終版人事給与経理総務営業部課長名簿写真画像東京大阪検査結果売上仕入在庫管理手順申込届出証明"
	frequentChinese     = "合同报告发票单据表格文件资料通知清说明书年月日公司项目计划总结会议记录人员名工资财务销售采购订货物流客户产品图片照片证件扫描复印附最新版本测试第一二三四五六七八九十上海北京广州中国大学学生的是了在有和不我他这个们为到地以时要就出也得"
	frequentTraditional = "合約報告發票單據表格文件資料通知清說明書年月日公司專案計畫總結會議記錄人員名薪財務銷售採購訂貨物客戶產品圖片照證附最新版本測試第一二三四五六七八九十上下中國大學生台灣台北的是了在有和不我"
	frequentKorean      = "계약서보고견적청구명세표지목록자료회의록안내공문신청등급여인사총무경리영업부과장이름사진년월일제호최종본수정거래내역세금산고객주문납품확인증결과이다의가는을를에한하기대시도로스리아어지자정구전상성"
)

// decodeLegacy decodes names that are not UTF-8, all in the encoding in which
// they look most like names. Where none does it is that of the first archives,
// in which any bytes are a name and no two become one.
func decodeLegacy(raw []string) []string {
	best, most := charmap.CodePage437.NewDecoder(), 0.0
	for _, candidate := range nameEncodings {
		if score := candidate.score(raw); score > most {
			best, most = candidate.NewDecoder(), score
		}
	}
	names := make([]string, len(raw))
	for i, name := range raw {
		var err error
		if names[i], err = best.String(name); err != nil || !utf8.ValidString(names[i]) {
			names[i], _ = charmap.CodePage437.NewDecoder().String(name)
		}
	}
	return names
}

// maxJudged is how many names are looked at.
const maxJudged = 500

// score tells how much the names look like names in the encoding: about 1 for
// each byte that is not ASCII, below 0 for an encoding that they cannot be in.
func (e *nameEncoding) score(raw []string) float64 {
	sum, decoder, encoder := 0.0, e.NewDecoder(), e.NewEncoder()
	for _, name := range raw[:min(len(raw), maxJudged)] {
		text, err := decoder.String(name)
		if err != nil || strings.ContainsRune(text, utf8.RuneError) {
			return -1
		}
		sum += weighWords(text)
		runes := []rune(text)
		for i, r := range runes {
			switch {
			case unicode.IsControl(r) || unicode.Is(unicode.Co, r):
				return -1
			case r >= utf8.RuneSelf:
				sum += e.weigh(encoder, runes, i)
			}
		}
	}
	if e.rare {
		sum *= 0.85
	}
	return sum
}

// weigh tells how likely a character of a name is where it stands.
func (e *nameEncoding) weigh(encoder *encoding.Encoder, name []rune, i int) float64 {
	r := name[i]
	before, after := at(name, i-1), at(name, i+1)
	if e.frequent != "" {
		bytes, _ := encoder.String(string(r))
		odd := 0 // the second of two bytes may be ASCII
		for i := range len(bytes) {
			if bytes[i] >= utf8.RuneSelf {
				odd++
			}
		}
		return float64(odd) * e.weighWide(r, bytes, before, after)
	}
	mixed := isLetter(before) && script(before) != script(r) || isLetter(after) && script(after) != script(r)
	switch {
	case !unicode.IsLetter(r):
		return weighSymbol(r, before, after)
	case mixed:
		return -0.7
	case unicode.IsUpper(r) && unicode.IsLower(before):
		return -1
	case script(r) == unicode.Latin:
		return weighLatin(r, before, after)
	case strings.ContainsRune(frequentLetters, r):
		return 1.1
	case strings.ContainsRune(rareLetters, r):
		return 0.3
	}
	return 0.8
}

// weighWords takes off for words without a vowel, in scripts that write them.
func weighWords(text string) (sum float64) {
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.In(r, unicode.Cyrillic, unicode.Greek) }) {
		if n := utf8.RuneCountInString(word); n >= 3 && !strings.ContainsAny(word, vowels) {
			sum -= 0.4 * float64(n)
		}
	}
	return sum
}

// weighWide tells how likely a character of an encoding with two bytes for one is.
func (e *nameEncoding) weighWide(r rune, bytes string, before, after rune) float64 {
	// A letter of a word, and the first of the letters behind it, look like one.
	apart := 0.0
	if before < utf8.RuneSelf && unicode.IsLower(before) || after < utf8.RuneSelf && unicode.IsLower(after) {
		apart = 0.5
	}
	switch {
	case r >= 0xff61 && r <= 0xff9f: // narrow katakana
		return -0.4 - apart
	case strings.ContainsRune(e.frequent, r):
		return 1.2 - apart
	case unicode.In(r, unicode.Hiragana, unicode.Katakana):
		return 1.15 - apart
	case !unicode.IsLetter(r):
		return 0.3 - apart
	case len(bytes) == 2 && bytes[0] >= e.common[0] && bytes[0] <= e.common[1] && (bytes[1] >= 0xa1 || e.common[0] < 0xb0):
		return 0.6 - apart
	}
	return -0.2 - apart
}

// weighLatin takes a letter among plain ones for more likely than several marked
// letters in a row.
func weighLatin(r, before, after rune) float64 {
	marked := 0
	for _, other := range []rune{before, after} {
		if other >= utf8.RuneSelf && unicode.IsLetter(other) {
			marked++
		}
	}
	switch {
	case strings.ContainsRune(rareLatin, r):
		return 0.3
	case marked == 2:
		return 0.1
	case marked == 1:
		return 0.6
	case strings.ContainsRune(frequentLatin, r):
		return 1
	}
	return 0.75
}

func weighSymbol(r, before, after rune) float64 {
	switch {
	case unicode.IsMark(r):
		return 0.8
	case isLetter(before) && isLetter(after) && r != '’' && r != '·':
		return -1
	case strings.ContainsRune("–—’‘“”„°§€№«»…·®©ªº²³´\u00a0", r):
		return 0.05
	}
	return -1
}

func at(name []rune, i int) rune {
	if i < 0 || i >= len(name) {
		return 0
	}
	return name[i]
}

func isLetter(r rune) bool { return r != 0 && unicode.IsLetter(r) }

// script is the one of a letter, of those that desks have had.
func script(r rune) *unicode.RangeTable {
	for _, table := range []*unicode.RangeTable{unicode.Latin, unicode.Cyrillic, unicode.Greek, unicode.Hebrew, unicode.Arabic, unicode.Thai} {
		if unicode.Is(table, r) {
			return table
		}
	}
	return nil
}
