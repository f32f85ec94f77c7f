/** A file's text, piece by piece and with its byte order mark: UTF-8, or UTF-16 that has one; anything else is refused with the line where it shows. */
import { isUtf8 } from "node:buffer";
import { createReadStream } from "node:fs";
import { TextDecoder } from "node:util";
import { CommandError, usage } from "../command-error.ts";
import { exitCodes } from "../exit-codes.ts";

/** No row is that long; a file without any line break is none of ours, and must not fill the memory. */
const lineBytesMax = 8 * 1024 * 1024;

/** In pieces that end with a line, but for the last and those of UTF-16. @throws CommandError */
export async function* textOf(file: string): AsyncGenerator<string> {
  let rest = Buffer.alloc(0);
  let line = 1;
  let decoder: TextDecoder | undefined;
  let isFirst = true;
  for await (const bytes of bytesOf(file)) {
    if (isFirst) {
      refuseWorkbook(bytes, file);
      decoder = utf16Of(bytes);
    }
    if (decoder) yield decoded(decoder, bytes, file);
    else {
      const all = Buffer.concat([rest, bytes]);
      const end = endOfLines(all);
      const lines = all.subarray(0, end);
      if (lines.length > 0) yield utf8(lines, line, file);
      line += breaksIn(lines);
      rest = all.subarray(end);
      if (rest.length > lineBytesMax) throw unreadable(file, line, "is longer than any row can be");
    }
    isFirst = false;
  }
  if (decoder) yield decoded(decoder, undefined, file);
  else if (rest.length > 0) yield utf8(rest, line, file);
}

async function* bytesOf(file: string): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(file) as AsyncIterable<Buffer>;
  } catch (error) {
    throw usage(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function refuseWorkbook(bytes: Buffer, file: string): void {
  if (bytes.toString("latin1", 0, 4) !== "PK\u0003\u0004") return;
  throw usage(`${file} is a workbook: save it as CSV (in Excel: "CSV UTF-8").`);
}

function utf16Of(bytes: Buffer): TextDecoder | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le", { fatal: true, ignoreBOM: true });
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be", { fatal: true, ignoreBOM: true });
  return undefined;
}

/** @param bytes undefined at the end, where half a character must not be left. */
function decoded(decoder: TextDecoder, bytes: Buffer | undefined, file: string): string {
  try {
    return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode();
  } catch {
    throw usage(`${file} begins as UTF-16 and does not go on so: save it as CSV UTF-8.`);
  }
}

function utf8(bytes: Buffer, firstLine: number, file: string): string {
  if (isUtf8(bytes) && !bytes.includes(0)) return bytes.toString("utf8");
  let line = firstLine;
  for (let start = 0; start < bytes.length; line++) {
    const end = endOfLine(bytes, start);
    const one = bytes.subarray(start, end);
    if (one.includes(0)) throw unreadable(file, line, "holds a zero byte: is the file UTF-16? Save it as CSV UTF-8");
    if (!isUtf8(one)) {
      throw unreadable(
        file,
        line,
        'is not UTF-8, so its letters could be anything (Latin-1?): save it as "CSV UTF-8" and try again',
      );
    }
    start = end;
  }
  return bytes.toString("utf8");
}

function unreadable(file: string, line: number, what: string): CommandError {
  const message = `${file}: line ${line} ${what}.`;
  return new CommandError(exitCodes.failure, "usage", message, { line });
}

/** Behind the last break. A return at the very end may be half of one. */
function endOfLines(bytes: Buffer): number {
  return Math.max(bytes.lastIndexOf(0x0a), bytes.lastIndexOf(0x0d, bytes.length - 2)) + 1;
}

function breaksIn(bytes: Buffer): number {
  let count = 0;
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] === 0x0a || (bytes[at] === 0x0d && bytes[at + 1] !== 0x0a)) count += 1;
  }
  return count;
}

/** Behind the next break, which is \n, \r or both. */
function endOfLine(bytes: Buffer, start: number): number {
  const feed = bytes.indexOf(0x0a, start);
  const back = bytes.indexOf(0x0d, start);
  if (back >= 0 && (feed < 0 || back < feed)) return bytes[back + 1] === 0x0a ? back + 2 : back + 1;
  return feed < 0 ? bytes.length : feed + 1;
}
