'use strict';
// Runs the driver's own recorder in a browser's window, and tells in lines of JSON what is
// done and what comes of it. The first line of its input says how, the end of its input ends it.
const fs = require('node:fs/promises');
const path = require('node:path');
const readline = require('node:readline');

// What Ctrl-C and the end of the terminal mean, the program that started this decides.
for (const signal of ['SIGINT', 'SIGHUP']) process.on(signal, () => {});

const tell = message => process.stdout.write(JSON.stringify(message) + '\n');
const input = readline.createInterface({input: process.stdin});
let stop = () => process.exit(0);
input.on('close', () => stop());
input.once('line', line => record(JSON.parse(line)).catch(fault => {
	tell({fault: fault.message});
	process.exitCode = 1;
	stop();
}));

// keptBytes is how much of a file is told, settleLimit how long files that are under way
// are waited for at the end, in milliseconds.
const keptBytes = 8 << 20, settleLimit = 15000;

async function record(options) {
	const lib = name => require(path.join(options.driver, 'package', 'lib', name));
	const playwright = lib('inprocess.js');
	const browser = await playwright.chromium.launch({
		headless: false, executablePath: options.browser, args: options.args, downloadsPath: options.downloads,
		handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false,
	});
	// The recorder's scripts stand in the page, whose policy may forbid scripts.
	const context = await browser.newContext({viewport: null, bypassCSP: true});
	context.setDefaultNavigationTimeout(0);
	const steps = stepList(), pending = new Set();
	const ended = new Promise(resolve => {
		stop = resolve;
		browser.on('disconnected', resolve);
		context.on('page', page => page.on('close', () => context.pages().length === 0 && resolve()));
	});
	const wait = promise => {
		pending.add(promise);
		promise.catch(() => {}).finally(() => pending.delete(promise));
	};
	context.on('page', page => watchPage(context, page, steps, wait));
	watchFiles(context, steps, wait);

	await context.exposeBinding('__pipe_leave', ({frame}, leave) => steps.effect(steps.last(), {leave, leaveAt: frame.url()}));
	await context.exposeBinding('__pipe_kept', ({frame}, how, name) => {
		const printed = how === 'print';
		steps.effect(steps.last(), {file: {name, type: printed ? 'application/pdf' : '', address: frame.url(), printed}, opening: true});
	});
	await context.addInitScript(tellKept);
	const impl = playwright._toImpl(context);
	await impl.extendInjectedScript(options.script);
	const {EmptyRecorderApp} = lib('server/recorder/recorderApp.js');
	class App extends EmptyRecorderApp {
		setActions(actions) { steps.update(actions); }
	}
	await lib('server/recorder.js').Recorder.show(impl, async () => new App(), {language: 'jsonl', mode: 'recording', handleSIGINT: false});
	const page = await context.newPage();
	await page.goto(options.url, {waitUntil: 'commit'});
	tell({ready: true});
	await ended;
	await Promise.race([Promise.allSettled(pending), new Promise(resolve => setTimeout(resolve, settleLimit))]);
	tell({end: true});
	await browser.close().catch(() => {});
	process.exit(0);
}

// stepList puts the driver's actions and the addresses that were opened by hand in one
// order. Each step is told by its number, again when it has changed; what comes of one is
// told with its number.
function stepList() {
	const steps = [], ofDriver = [], addresses = [], requests = new Map();
	const put = (at, step) => {
		const text = JSON.stringify(step);
		if (steps[at] === text) return;
		steps[at] = text;
		tell({at, step});
	};
	const list = {
		update(actions) {
			// The driver guesses by the clock which addresses were opened by hand; see watchPage.
			const own = actions.filter(a => !['openPage', 'closePage', 'navigate'].includes(a.action.name));
			own.forEach(({frame, action}, i) => {
				ofDriver[i] ??= steps.length;
				const tab = tabNumber(frame.pageAlias);
				addresses[ofDriver[i]] ??= pages[tab]?.url() ?? '';
				put(ofDriver[i], {tab, frames: frame.framePath, address: addresses[ofDriver[i]], action: {...action, signals: undefined}});
			});
		},
		goto(tab, url) { put(steps.length, {tab, frames: [], action: {name: 'goto', url}}); },
		last: () => steps.length - 1,
		effect(at, effect) {
			// A viewer asks for its file again, whatever has been opened meanwhile; opening says that
			// the file is of the step.
			const opened = effect.file && !effect.opening && at >= 0 && JSON.parse(steps[at]).action;
			if (at >= 0 && !(opened?.name === 'goto' && opened.url !== effect.file.address)) tell({at, effect});
		},
		// requested notes the step during which an address was asked for.
		requested(url) { requests.set(url, list.last()); },
		cause: url => requests.get(url) ?? list.last(),
	};
	return list;
}

// tellKept stands in each page: what that prints, and what it saves by the system's dialog,
// comes as no file. As in a run, no dialog is opened for what is printed. A tab that closes
// itself then has it told by the page that has opened it.
function tellKept() {
	const kept = (how, name) => {
		let by = window;
		try { by = window.opener?.__pipe_kept ? window.opener : window; } catch { /* of another site */ }
		by.__pipe_kept(how, name);
	};
	window.print = () => kept('print', '');
	for (const name of ['showSaveFilePicker', 'showDirectoryPicker']) {
		const pick = window[name];
		if (pick) window[name] = options => {
			kept('save', options?.suggestedName ?? '');
			return pick.call(window, options);
		};
	}
}

const tabNumber = alias => Number(alias.replace('page', '')) || 0;

// pages are those of the tabs, by their numbers.
const pages = [];

// tabs are what is known of pages: opened notes an address that was opened by hand.
const tabs = new WeakMap();

function watchPage(context, page, steps, wait) {
	const tab = pages.push(page) - 1;
	const effect = e => steps.effect(steps.last(), {tab, ...e});
	// byPage is true where the page itself has asked for the address that comes next, which it
	// announces; asked is the address that was asked for, "" for one within the document. Who has
	// a new tab go on before announcements are heard, is the page that opened it.
	let byPage = false, asked = '', announced = '', hears = false;
	page.opener().then(opener => {
		if (!opener) return hears = true;
		byPage = true;
		effect({opened: tab});
	}).catch(() => {});
	page.on('request', r => {
		if (!r.isNavigationRequest() || r.redirectedFrom() || !isMain(r, page)) return;
		byPage = announced === withoutHash(r.url()) || byPage && !asked || !hears;
		asked = r.url();
		announced = '';
		if (r.method() === 'POST') effect({posted: true});
	});
	// opened notes the address that was asked for, where a person has opened it.
	const opened = () => {
		const byHand = !byPage && asked !== '';
		if (byHand) steps.goto(tab, asked);
		if (asked) byPage = false;
		asked = '';
		return byHand;
	};
	tabs.set(page, {opened});
	page.on('framenavigated', frame => {
		if (frame !== page.mainFrame() || frame.url() === 'about:blank') return;
		opened();
		effect({address: frame.url()});
		byPage = false;
	});
	page.on('download', download => wait(tellDownload(download, steps, opened() ? steps.last() : steps.cause(download.url()))));
	// It is the person who answers: a listener keeps the driver from it.
	page.on('dialog', dialog => effect({dialog: dialog.message()}));
	wait(watchFrames(context, page, url => { announced = withoutHash(url); }, effect).then(() => { hears = true; }));
}

const withoutHash = url => url.split('#')[0];

function isMain(request, page) {
	try {
		return request.frame() === page.mainFrame();
	} catch {
		return true; // of a page that is not there yet
	}
}

// watchFrames asks the browser who has a page go elsewhere, and how dialogs end.
async function watchFrames(context, page, announce, effect) {
	const cdp = await context.newCDPSession(page);
	const {frameTree} = await cdp.send('Page.getFrameTree');
	cdp.on('Page.frameRequestedNavigation', e => { if (e.frameId === frameTree.frame.id) announce(e.url); });
	cdp.on('Page.javascriptDialogClosed', e => effect({accepted: e.result}));
	await cdp.send('Page.enable');
}

async function tellDownload(download, steps, at) {
	const file = {name: download.suggestedFilename(), address: download.url()};
	const where = await download.path().catch(() => '');
	if (where) {
		const handle = await fs.open(where);
		const {bytesRead, buffer} = await handle.read(Buffer.alloc(keptBytes), 0, keptBytes, 0);
		await handle.close();
		file.body = buffer.subarray(0, bytesRead).toString('base64');
	}
	steps.effect(at, {file, download: true});
}

// fileTypes are those of answers that are files, and no pages; scripts ask for other things
// too by the last of them.
const fileTypes = /^(application\/(pdf|zip|gzip|msword|rtf|octet-stream|vnd\.(ms-|openxmlformats|oasis))|text\/csv|image\/tiff)/i;
const anyType = /^application\/octet-stream/i;

// siteAddress is that of what a page brings; the browser's own viewer asks for the file that it
// shows once more, under an address of its own, and that late.
const siteAddress = /^(https?|blob|data):/i;

// watchFiles tells of answers that are files, and are shown in a tab or a frame, and of pages
// that were opened by hand and refused.
function watchFiles(context, steps, wait) {
	context.on('request', r => steps.requested(r.url()));
	context.on('response', response => {
		const request = response.request();
		const {'content-type': type = '', 'content-disposition': disposition = ''} = response.headers();
		const page = request.isNavigationRequest() && pageOf(request), main = page && isMain(request, page);
		if (main && response.status() >= 400) {
			tabs.get(page)?.opened();
			steps.effect(steps.last(), {refused: `${response.status()} ${response.statusText()}`});
		}
		if (!fileTypes.test(type) || !siteAddress.test(response.url()) || request.resourceType() === 'script') return;
		// What an address that a person has opened brings comes of that, and of no click before.
		const opening = Boolean(main && tabs.get(page)?.opened());
		const at = opening ? steps.last() : steps.cause(request.url());
		const fetched = ['fetch', 'xhr'].includes(request.resourceType());
		const name = /filename="?([^";]+)/i.exec(disposition)?.[1] ?? '';
		const told = {file: {name, type: type.split(';')[0], address: response.url()}, opening};
		if (fetched && anyType.test(type) && !name) return wait(tellFetched(response, steps, at, told));
		steps.effect(at, told);
	});
}

function pageOf(request) {
	try {
		return request.frame().page();
	} catch {
		return pages.at(-1); // of a page that is not there yet
	}
}

// magic are the first bytes of files: PDF, ZIP and office files, older office files, RTF.
const magic = ['25504446', '504b0304', 'd0cf11e0', '7b5c7274'];

// tellFetched tells of what a script was answered, if it is a file: the type does not say it.
async function tellFetched(response, steps, at, told) {
	const body = await response.body().catch(() => Buffer.alloc(0));
	if (magic.includes(body.subarray(0, 4).toString('hex'))) steps.effect(at, told);
}
