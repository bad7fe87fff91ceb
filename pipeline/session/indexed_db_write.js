async text => {
	// Makes the databases anew that indexed_db_read.js has read. Those that are there
	// are the site's.
	const ask = request => new Promise((done, failed) => {
		request.onsuccess = () => done(request.result);
		request.onerror = () => failed(request.error);
	});
	const bytes = text => Uint8Array.from(atob(text), c => c.charCodeAt(0)).buffer;
	const decode = v => {
		if (v === null || typeof v !== 'object') return v;
		switch (v.$) {
		case 'number': return Number(v.v);
		case 'undefined': return undefined;
		case 'bigint': return BigInt(v.v);
		case 'array': return v.v.map(decode);
		case 'date': return new Date(decode(v.v));
		case 'map': return new Map(v.v.map(([k, of]) => [decode(k), decode(of)]));
		case 'set': return new Set(v.v.map(decode));
		case 'object': {
			const o = {};
			for (const [k, of] of v.v) Object.defineProperty(o, k, {value: decode(of), writable: true, enumerable: true, configurable: true});
			return o;
		}
		case 'ArrayBuffer': return bytes(v.v);
		default: return new globalThis[v.$](bytes(v.v));
		}
	};
	const there = new Set((await indexedDB.databases()).map(d => d.name));
	for (const {name, version, stores} of JSON.parse(text)) {
		if (there.has(name)) continue;
		const opening = indexedDB.open(name, version);
		opening.onupgradeneeded = () => {
			for (const {name, keyPath, autoIncrement, indexes} of stores) {
				const store = opening.result.createObjectStore(name, {keyPath, autoIncrement});
				for (const i of indexes) store.createIndex(i.name, i.keyPath, {unique: i.unique, multiEntry: i.multiEntry});
			}
		};
		const db = await ask(opening);
		db.onversionchange = () => db.close();
		try {
			for (const {name, keyPath, records} of stores) {
				const writing = db.transaction(name, 'readwrite'), store = writing.objectStore(name);
				const done = new Promise((ok, failed) => { writing.oncomplete = ok; writing.onabort = () => failed(writing.error); });
				for (const [key, value] of records) keyPath === null ? store.put(decode(value), decode(key)) : store.put(decode(value));
				await done;
			}
		} finally { db.close(); }
	}
}
