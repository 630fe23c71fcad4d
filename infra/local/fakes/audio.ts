import { type ByteSource, madeBytes } from './byte-source.ts';
import { between, pick, seededRandom } from './random.ts';

const samplesPerSecond = 8_000;
const headerBytes = 44;

/** A recording of that many bytes, which are noise then; without a length it is a short melody. */
export function recordingOf(name: string, length?: number): ByteSource {
  if (length !== undefined) return madeBytes(name, length);
  const seconds = 2;
  return {
    length: headerBytes + seconds * samplesPerSecond,
    slice: (start, end) => wavOf(name, seconds).subarray(start, end),
  };
}

/** A short invented melody as a WAV file (8 kHz, 8 bit, one channel), the same for the same name: 8 KB a second. */
export function wavOf(name: string, seconds = 2): Uint8Array {
  const data = new Uint8Array(seconds * samplesPerSecond);
  const random = seededRandom('audio', name);
  const noteLength = samplesPerSecond / 4;
  for (let start = 0; start < data.length; start += noteLength) {
    const hertz = pick(random, [220, 262, 294, 330, 392, 440]);
    const loudness = between(random, 20, 60);
    for (let i = start; i < Math.min(start + noteLength, data.length); i += 1) {
      data[i] = 128 + Math.round(loudness * Math.sin((2 * Math.PI * hertz * i) / samplesPerSecond));
    }
  }
  return Buffer.concat([wavHeader(data.length), data]);
}

function wavHeader(dataBytes: number): Buffer {
  const header = Buffer.alloc(headerBytes);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(headerBytes - 8 + dataBytes, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(samplesPerSecond, 24);
  header.writeUInt32LE(samplesPerSecond, 28);
  header.writeUInt16LE(1, 32);
  header.writeUInt16LE(8, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(dataBytes, 40);
  return header;
}
