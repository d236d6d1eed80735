import type { Reading } from "../../model/document.ts"; export async function readPdf(_: Uint8Array): Promise<Reading> { throw new Error("later"); }
