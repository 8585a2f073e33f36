// Runs the module's tests: how many passed, or where it trapped.
import { readFile } from "node:fs/promises";

const module = await WebAssembly.compile(await readFile(process.argv[2]));
const imports = WebAssembly.Module.imports(module);
if (imports.length > 0) {
  console.log("imports", imports.map((wanted) => wanted.name).join(" "));
  process.exit(1);
}
const { exports } = await WebAssembly.instantiate(module);
try {
  console.log(exports.run(), "passed");
} catch (trap) {
  console.log(`kind ${exports.kind()}, test ${exports.id()}: ${trap.message}`);
  process.exit(1);
}
