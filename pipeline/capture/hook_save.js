// A part of the hook: files that a page saves by the dialogs of the File System
// Access API. While a capture listens, such a dialog gives a file of the site's
// private file system, and what is written to it is taken as it is closed; at
// other times it is as if the user had closed it.
(window, hook, root) => {
	const {Blob, DOMException, FileSystemWritableFileStream, Object, Uint8Array, WritableStream, navigator} = window;
	const {wrap, quietly} = hook;
	let pickers = 0;
	const isBlob = o => quietly(() => Object.getOwnPropertyDescriptor(Blob.prototype, 'size').get.call(o)) !== undefined;
	const own = (on, name, value) => Object.defineProperty(on, name, {value, configurable: true, writable: true});
	const folder = async name => {
		if (!root.kinds.length) throw new DOMException(`Failed to execute '${name}' on 'Window': The user aborted a request.`, 'AbortError');
		const all = await navigator.storage.getDirectory();
		return all.getDirectoryHandle(`${Date.now()}-${++pickers}`, {create: true});
	};
	wrap(window, 'showSaveFilePicker', async (run, self, [options]) => {
		const within = await folder('showSaveFilePicker');
		const file = name => within.getFileHandle(name, {create: true});
		const name = options?.suggestedName || 'download';
		const handle = await file(name).catch(() => file('download'));
		return writing(handle, Object.keys(options?.types?.[0]?.accept || {})[0] || '');
	});
	wrap(window, 'showDirectoryPicker', async () => directory(await folder('showDirectoryPicker')));
	function directory(handle) {
		const {getFileHandle, getDirectoryHandle} = handle;
		own(handle, 'getFileHandle', async (...how) => writing(await getFileHandle.apply(handle, how), ''));
		own(handle, 'getDirectoryHandle', async (...how) => directory(await getDirectoryHandle.apply(handle, how)));
		return handle;
	}
	// writing takes what is written to a file.
	function writing(handle, type) {
		const createWritable = handle.createWritable;
		own(handle, 'createWritable', async how => {
			const body = contents(how?.keepExistingData ? await handle.getFile() : null);
			const stream = new WritableStream({
				write: chunk => body.put(chunk),
				async close() {
					const file = new Blob(body.parts, {type});
					const real = await createWritable.call(handle);
					await real.write(file);
					await real.close();
					quietly(() => root.offer('save', '', file, true, handle.name));
				},
			});
			const write = async chunk => {
				const writer = stream.getWriter();
				try {
					await writer.write(chunk);
				} finally {
					writer.releaseLock();
				}
			};
			Object.setPrototypeOf(stream, FileSystemWritableFileStream.prototype);
			own(stream, 'write', write);
			own(stream, 'seek', position => write({type: 'seek', position}));
			own(stream, 'truncate', size => write({type: 'truncate', size}));
			return stream;
		});
		return handle;
	}
	// contents are those of a file that is being written.
	function contents(before) {
		const body = {parts: before ? [before] : [], size: before?.size || 0, at: 0};
		const resize = size => {
			const whole = new Blob(body.parts);
			body.parts = [whole.slice(0, size), new Uint8Array(Math.max(0, size - whole.size))];
			body.size = size;
		};
		body.put = chunk => {
			const order = isBlob(chunk) || typeof chunk !== 'object' || !chunk.type ? {type: 'write', data: chunk} : chunk;
			if (order.type === 'truncate') {
				resize(order.size);
				body.at = Math.min(body.at, order.size);
				return;
			}
			body.at = order.position ?? body.at;
			if (order.type !== 'write') return;
			const piece = new Blob([order.data]), end = body.at + piece.size;
			const rest = body.at < body.size ? new Blob(body.parts).slice(end) : null;
			if (body.at !== body.size) resize(body.at);
			body.parts.push(piece, ...rest ? [rest] : []);
			body.size = end + (rest?.size || 0);
			body.at = end;
		};
		return body;
	}
}
