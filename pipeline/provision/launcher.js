'use strict';
// Starts Playwright's driver in the place of its own cli.js, which loads all commands
// of the driver to run one, once more to tell its version.
const {driver, version, compiled} = require('./launcher.json');

switch (process.argv[2]) {
case '--version':
	console.log(`Version ${version}`);
	break;
case 'run-driver':
	// From Node.js 22.8 on: what was compiled once is kept for the next start.
	require('node:module').enableCompileCache?.(compiled);
	require(`${driver}/lib/cli/driver.js`).runDriver();
	break;
default:
	console.error(`the driver is started by run-driver, not by ${process.argv[2]}`);
	process.exitCode = 1;
}
