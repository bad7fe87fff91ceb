'use strict';
// Starts Playwright's driver in the place of its own cli.js, which loads all commands
// of the driver to run one. What Node.js has compiled is kept for the next start.
const fs = require('node:fs');
const module_ = require('node:module');
const path = require('node:path');
const vm = require('node:vm');

const {driver, version, compiled} = require('./launcher.json');

switch (process.argv[2]) {
case '--version':
	console.log(`Version ${version}`);
	break;
case 'run-driver':
	if (module_.enableCompileCache)
		module_.enableCompileCache(compiled);
	else
		keepCompiled(path.join(compiled, `${process.version}-${process.arch}-${version}`));
	require(`${driver}/lib/cli/driver.js`).runDriver();
	break;
default:
	throw new Error(`the driver is started by run-driver, not by ${process.argv[2]}`);
}

// keepCompiled does for Node.js before 22.8 what enableCompileCache does after it: the
// scripts are compiled from the code in the file, which is written where it is not there.
function keepCompiled(file) {
	const code = readCode(file);
	const scripts = {};
	const compile = module_.prototype._compile;
	module_.prototype._compile = function(content, filename) {
		const cachedData = code?.[filename];
		const script = scripts[filename] = new vm.Script(module_.wrap(content), {
			filename, cachedData, importModuleDynamically: vm.constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER,
		});
		const require = id => this.require(id);
		Object.assign(require, {resolve: id => module_._resolveFilename(id, this), cache: module_._cache, main: process.mainModule});
		return script.runInThisContext().call(this.exports, this.exports, require, this, filename, path.dirname(filename));
	};
	setImmediate(() => {
		module_.prototype._compile = compile;
		if (!code || Object.values(scripts).some(script => script.cachedDataRejected))
			writeCode(file, scripts);
	});
}

// readCode gives the code by file name: an index in JSON after its length, and the code.
function readCode(file) {
	try {
		const all = fs.readFileSync(file);
		const start = 4 + all.readUInt32LE(0);
		const index = JSON.parse(all.toString('utf8', 4, start));
		return Object.fromEntries(Object.entries(index).map(([name, [from, to]]) => [name, all.subarray(start + from, start + to)]));
	} catch {
		return undefined;
	}
}

function writeCode(file, scripts) {
	try {
		const index = {}, parts = [];
		let length = 0;
		for (const [name, script] of Object.entries(scripts)) {
			const code = script.createCachedData();
			index[name] = [length, length += code.length];
			parts.push(code);
		}
		const head = Buffer.from(JSON.stringify(index)), size = Buffer.alloc(4);
		size.writeUInt32LE(head.length);
		fs.mkdirSync(path.dirname(file), {recursive: true});
		fs.writeFileSync(`${file}.${process.pid}`, Buffer.concat([size, head, ...parts]));
		fs.renameSync(`${file}.${process.pid}`, file);
	} catch {
		// The next start takes a little longer.
	}
}
