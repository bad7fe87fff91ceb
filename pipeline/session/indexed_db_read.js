async most => {
	// Gives the databases of the page's origin as text, and the names of those that
	// it leaves out: they hold what no text can, such as a key that may not leave the
	// browser, or too much.
	const ask = request => new Promise((done, failed) => {
		request.onsuccess = () => done(request.result);
		request.onerror = () => failed(request.error);
		request.onblocked = () => failed(new Error('blocked'));
	});
	const base64 = bytes => { let s = ''; for (const b of bytes) s += String.fromCharCode(b); return btoa(s); };
	let size = 0;
	const encode = v => {
		size += 8 + (typeof v === 'string' ? v.length : v?.byteLength || 0);
		if (size > most) throw new Error('too much');
		if (v === null || typeof v === 'boolean' || typeof v === 'string') return v;
		if (typeof v === 'number' && isFinite(v) && !Object.is(v, -0)) return v;
		if (typeof v === 'number') return {$: 'number', v: Object.is(v, -0) ? '-0' : String(v)};
		if (v === undefined) return {$: 'undefined'};
		if (typeof v === 'bigint') return {$: 'bigint', v: String(v)};
		if (Array.isArray(v)) return {$: 'array', v: Array.from(v, encode)};
		if (v instanceof Date) return {$: 'date', v: encode(v.getTime())};
		if (v instanceof Map) return {$: 'map', v: Array.from(v, ([k, of]) => [encode(k), encode(of)])};
		if (v instanceof Set) return {$: 'set', v: Array.from(v, encode)};
		if (v instanceof ArrayBuffer) return {$: 'ArrayBuffer', v: base64(new Uint8Array(v))};
		if (ArrayBuffer.isView(v)) return {$: v.constructor.name, v: base64(new Uint8Array(v.buffer, v.byteOffset, v.byteLength))};
		if (Object.getPrototypeOf(v) !== Object.prototype) throw new Error('no plain value');
		return {$: 'object', v: Object.entries(v).map(([k, of]) => [k, encode(of)])};
	};
	const read = async (name, version) => {
		const db = await ask(indexedDB.open(name, version));
		// One who is to change or delete it must not wait for this look.
		db.onversionchange = () => db.close();
		try {
			const stores = [];
			for (const of of db.objectStoreNames) {
				const store = db.transaction(of, 'readonly').objectStore(of);
				const [keys, values] = await Promise.all([ask(store.getAllKeys()), ask(store.getAll())]);
				const indexes = Array.from(store.indexNames, i => store.index(i))
					.map(({name, keyPath, unique, multiEntry}) => ({name, keyPath, unique, multiEntry}));
				stores.push({
					name: of, keyPath: store.keyPath, autoIncrement: store.autoIncrement, indexes,
					records: keys.map((key, i) => [encode(key), encode(values[i])]),
				});
			}
			return {name, version, stores};
		} finally { db.close(); }
	};
	const databases = [], left = [];
	for (const {name, version} of await indexedDB.databases?.() ?? []) {
		size = 0;
		try { databases.push(await read(name, version)); } catch { left.push(name); }
	}
	return {origin: location.origin, databases: databases.length ? JSON.stringify(databases) : '', left};
}
