package steps_test

import (
	"image"
	"image/png"
	"os"
	"path/filepath"
	"testing"
)

func TestScreenshot(t *testing.T) {
	t.Parallel()
	s := show(t, `<body style="margin:0;background:rgb(0,255,0)"><input type=password value=hush style="position:absolute;left:0;top:0;width:300px;height:100px;background:rgb(255,0,0)">`)
	s.do(`screenshot: "${{ item.ref }}/page.png"`)
	img := picture(t, filepath.Join(s.dir, "A1", "page.png"))
	if r, g, _, _ := img.At(400, 400).RGBA(); r != 0 || g != 0xffff {
		t.Errorf("the page is not on the picture: %v", img.At(400, 400))
	}
	if r, g, b, _ := img.At(150, 50).RGBA(); r == 0xffff && g == 0 && b == 0 {
		t.Error("the password field is not covered")
	}
	// So are a field that a secret is put into, and a text that holds one.
	s = show(t, `<body style="margin:0"><input id=user style="position:absolute;left:0;top:0;width:300px;height:100px;background:rgb(255,0,0)">
		<p style="position:absolute;left:0;top:200px;width:300px;height:100px;margin:0;background:rgb(255,0,0)">Welcome, someone</p>
		<p style="position:absolute;left:0;top:400px;width:300px;height:100px;margin:0;background:rgb(255,0,0)">Not you</p>`)
	s.Values["secret"] = map[string]any{"USER": "someone", "SHORT": "o"}
	s.do(`fill: {selector: "#user", value: "${{ secret.USER }}"}`, `screenshot: masked.png`)
	img = picture(t, filepath.Join(s.dir, "masked.png"))
	for y, shown := range map[int]bool{50: false, 250: false, 450: true} {
		if r, g, b, _ := img.At(150, y).RGBA(); (r == 0xffff && g == 0 && b == 0) != shown {
			t.Errorf("at %d the picture shows %v", y, img.At(150, y))
		}
	}
	s.fails("leaves the output folder", `screenshot: "${{ '..' }}/out.png"`)
}

// What is covered stays so where the page moves it between the look and the picture.
func TestScreenshotOfWhatMoves(t *testing.T) {
	t.Parallel()
	s := show(t, `<body style="margin:0"><p id=user style="position:absolute;left:0;width:100px;height:20px;margin:0;background:rgb(255,0,0)">Welcome, someone</p>
		<script>let n = 0; const move = () => { document.querySelector('#user').style.top = (n++ % 25) * 20 + 'px'; requestAnimationFrame(move); }; move();</script>`)
	s.Values["secret"] = map[string]any{"USER": "someone"}
	for range 3 {
		s.do(`screenshot: moves.png`)
		img := picture(t, filepath.Join(s.dir, "moves.png"))
		for y := range img.Bounds().Dy() {
			if r, g, b, _ := img.At(50, y).RGBA(); r == 0xffff && g == 0 && b == 0 {
				t.Fatalf("at %d the picture shows what is to be covered", y)
			}
		}
	}
}

func picture(t *testing.T, path string) image.Image {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	img, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	return img
}
