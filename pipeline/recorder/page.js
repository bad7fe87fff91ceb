// Stands in each document beside the driver's recorder, and adds to what that tells of an
// action what was known of its element before the action took effect. What is typed into
// fields for secrets it takes away, within the page.
module.exports = {default: () => class {
	constructor(injected) {
		const {window} = injected, {document} = window;
		window[Symbol.for('pipe.locators')] = injected;
		// told is the field that is being typed into, and what was told of it.
		let told = {};
		const secretWords = /passw|passphrase|passcode|one.?time|\botp\b|\bpin\b|\bcvv|\bcvc|totp|2fa|mfa|security.?code|verification.?code/i;
		// grows is true once the page has become longer after it was scrolled.
		let height = 0, grows = false;
		window.addEventListener('scroll', () => {
			const now = document.documentElement.scrollHeight;
			grows ||= height > 0 && now > height * 1.1;
			height = now;
		}, {capture: true, passive: true});
		const isSecret = el => {
			if (!el.matches?.('input, textarea')) return false;
			if (el.type === 'password' || /one-time-code|password|cc-/.test(el.autocomplete)) return true;
			return secretWords.test([el.name, el.id, el.placeholder, el.ariaLabel, el.labels?.[0]?.textContent].join(' '));
		};
		// What only somebody who is logged in sees.
		const leave = /^(log|sign)[ -]?(out|off)$|^(abmelden|ausloggen|déconnexion|cerrar sesión|logout)$/i;
		const leaving = () => {
			const all = injected.querySelectorAll(injected.parseSelector('css=a, button, [role=button], [role=menuitem], input[type=submit]'), document);
			const el = all.find(e => injected.utils.isElementVisible(e) && leave.test(injected.utils.getElementAccessibleName(e, false).trim()));
			return el ? injected.generateSelector(el, {testIdAttributeName: 'data-testid'}).selector : '';
		};
		// What somebody who has logged in sees first is a proof of the login.
		const look = () => {
			const leave = window === window.top && document.body ? leaving() : '';
			if (leave) window.__pipe_leave(leave);
			return leave;
		};
		if (!look() && document.readyState !== 'complete') window.addEventListener('load', look);
		// Of a name of many words, as a card's, one may be the item's: those that find the
		// element alone are further selectors.
		const byWords = (el, element) => {
			if (!element.role) return [];
			const words = element.name.split(' ').filter(w => /\d/.test(w) && w !== element.name && w.length > 2).slice(0, 6);
			const all = words.map(w => `internal:role=${element.role}[name=${JSON.stringify(w)}i]`);
			return all.filter(s => injected.querySelectorAll(injected.parseSelector(s), document).length === 1);
		};
		const know = (action, el) => {
			if (action.name === 'fill' && told.el === el) return told.known;
			const element = describe(el, {testID: 'data-testid'});
			element.selectors.push(...byWords(el, element));
			const known = {
				element, list: listOf(el, injected), secret: isSecret(el),
			};
			if (known.list && grows && !known.list.next && !known.list.more && !known.list.numbers && !known.list.scroller) known.list.grows = true;
			told = {el, known};
			return known;
		};
		const tell = action => {
			let known;
			try {
				const el = injected.querySelector(injected.parseSelector(action.selector), document, true);
				known = know(action, el);
				if (action.name === 'select') action = {...action, labels: [...el.selectedOptions].map(o => o.label.trim())};
			} catch (fault) {
				known = {fault: String(fault), secret: true};
			}
			if (action.name === 'fill' && known.secret) action = {...action, text: ''};
			return {...action, known};
		};
		// The driver's own tools would lie over the page, and one of them ends the recording.
		const createHighlight = injected.createHighlight.bind(injected);
		injected.createHighlight = () => {
			const highlight = createHighlight(), append = highlight.appendChild.bind(highlight);
			highlight.appendChild = el => { if (el.localName !== 'x-pw-overlay') append(el); };
			return highlight;
		};
		// busy is the number of actions that are being done, keys how many of them are keys.
		const state = window[Symbol.for('pipe.recorder')] = {busy: 0, keys: 0};
		// Of a key, as Enter in a form, the browser itself makes a click, which the driver takes for
		// another action and keeps from the page: that is done anew, or, where no key is being done,
		// as by the space bar on a button, recorded.
		window.addEventListener('click', event => {
			const el = event.composedPath()[0];
			if (!event.isTrusted || event.detail !== 0 || !el.closest?.('a, button, input, summary, [role=button]')) return;
			const busy = state.busy, keys = state.keys;
			window.setTimeout(() => {
				if (!event.defaultPrevented) return;
				if (keys) return el.click();
				if (busy) return;
				const {selector} = injected.generateSelector(el, {testIdAttributeName: 'data-testid'});
				window.__pw_recorderPerformAction({name: 'click', selector, signals: [], button: 'left', modifiers: 0, clickCount: 1});
			});
		}, true);
		for (const name of ['__pw_recorderPerformAction', '__pw_recorderRecordAction']) {
			const send = window[name];
			const wrapped = async action => {
				const key = action.name === 'press' ? 1 : 0;
				state.busy++;
				state.keys += key;
				try {
					return await send(tell(action));
				} finally {
					state.busy--;
					state.keys -= key;
				}
			};
			// The driver keeps what it answers with the function.
			window[name] = Object.assign(wrapped, send);
		}
	}
}};
