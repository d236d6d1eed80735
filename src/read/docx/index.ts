import type { Reading } from "../../model/document.ts"; export async function readDocx(_: Uint8Array): Promise<Reading> { throw new Error("later"); }
