// Forms with their fields, links to files, and frames.
(tools, options, beyond) => {
	const {all, cut, visible, within, secret, selectors, name, role, document} = tools;
	const hidden = e => { for (; e; e = tools.parent(e)) if (beyond.has(e)) return true; return false; };
	const isField = 'input:not([type=hidden]):not([type=submit]):not([type=button]):not([type=reset]):not([type=image]), select, textarea, [role=textbox], [role=searchbox], [role=combobox], [role=checkbox], [role=switch], [role=spinbutton], [role=slider], [contenteditable=""], [contenteditable=true]';
	const isSubmit = 'button:not([type=button]):not([type=reset]), input[type=submit], input[type=image]';
	const field = e => {
		const type = e.localName === 'input' ? e.type : e.localName === 'select' || e.localName === 'textarea' ? e.localName : role(e) || 'editable';
		const out = {label: name(e), type, name: cut(e.getAttribute('name')), selectors: selectors(e)};
		if (e.required || e.getAttribute('aria-required') === 'true') out.required = true;
		if (e.disabled || e.getAttribute('aria-disabled') === 'true') out.disabled = true;
		if (e.readOnly) out.readonly = true;
		if (e.placeholder) out.placeholder = cut(e.placeholder);
		if (e.accept) out.accept = cut(e.accept);
		if (secret(e)) out.secret = true;
		else if (type === 'checkbox' || type === 'radio') out.value = e.checked ? 'on' : 'off';
		else if (type === 'select') {
			out.value = cut([...e.selectedOptions].map(o => o.label).join(', '), 80);
			out.options = [...e.options].slice(0, options.options).map(o => cut(o.label, 60));
			out.optionCount = e.options.length;
		} else if (e.list) {
			out.options = [...e.list.options].slice(0, options.options).map(o => cut(o.value, 60));
			out.optionCount = e.list.options.length;
		} else if (type !== 'file' && e.value) out.value = cut(e.value, 80);
		return out;
	};
	const forms = new Map();
	let fields = 0, left = 0;
	const formOf = owner => {
		if (!forms.has(owner)) forms.set(owner, {name: owner ? name(owner) || cut(owner.getAttribute('name') || owner.id) : '', method: owner?.method ?? '', action: owner?.getAttribute('action') ? cut(owner.getAttribute('action'), 200) : '', fields: [], submits: []});
		return forms.get(owner);
	};
	const kinds = {pdf: 1, csv: 1, tsv: 1, xls: 1, xlsx: 1, xlsm: 1, ods: 1, doc: 1, docx: 1, odt: 1, rtf: 1, ppt: 1, pptx: 1, zip: 1, gz: 1, tgz: 1, '7z': 1, rar: 1, tar: 1, xml: 1, json: 1, txt: 1, ics: 1, vcf: 1, eml: 1, msg: 1, tif: 1, tiff: 1, dwg: 1, epub: 1, mp3: 1, mp4: 1};
	const kindOf = e => {
		let path = '';
		try { path = new URL(e.href || e.src || e.data, document.baseURI).pathname; } catch { /* it is no address */ }
		const ending = s => (/\.([a-z0-9]{1,5})$/i.exec(s ?? '')?.[1] ?? '').toLowerCase();
		for (const kind of [ending(e.getAttribute('download')), ending(path)]) if (kinds[kind]) return kind;
		const type = (e.type ?? '').split(';')[0];
		if (/\/(pdf|csv|zip|json|xml)$/.test(type)) return type.split('/')[1];
		return e.hasAttribute('download') ? 'file' : '';
	};
	const files = new Map(), frames = [];
	let frameCount = 0;
	for (const e of all) {
		if (e.matches('iframe, frame')) {
			frameCount++;
			if (frames.length < options.frames) frames.push({selectors: selectors(e), name: cut(e.title || e.getAttribute('name') || e.id), url: cut(e.src, 300), visible: visible(e)});
		}
		if (e.matches('a[href], area[href], embed[src], object[data]') && kindOf(e)) {
			const kind = kindOf(e);
			if (!files.has(kind)) files.set(kind, {type: kind, count: 0, files: []});
			const of = files.get(kind);
			of.count++;
			if (of.files.length < options.files && !hidden(e)) of.files.push({name: name(e) || tools.text(e), url: cut(e.getAttribute('href') ?? e.getAttribute('src') ?? e.getAttribute('data'), 300), download: e.getAttribute('download') ?? undefined, selectors: selectors(e)});
		}
		const isIt = e.matches(isField), sends = e.matches(isSubmit) && e.form;
		if (!isIt && !sends || !visible(e) && !e.matches('input[type=file]') || hidden(e)) continue;
		if (isIt && within(e.parentElement, '[role=combobox], [role=textbox]')?.matches(isField)) continue;
		if (fields >= options.fields) { left++; continue; }
		const form = formOf(e.form ?? within(e, 'form, [role=form], [role=search]'));
		if (isIt) { fields++; form.fields.push(field(e)); }
		else form.submits.push({name: name(e), selectors: selectors(e)});
	}
	const shown = [...forms.values()].filter(f => f.fields.length);
	if (left && shown.length) shown.at(-1).more = left;
	return {forms: shown, files: [...files.values()], frames};
}
