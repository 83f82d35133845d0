/** Hands out zeroed arrays from one reservation that never grows or moves, so that views stay valid. */
export interface Memory {
  float32(length: number): Float32Array;
  uint8(length: number): Uint8Array;
  int32(length: number): Int32Array;
  /** Bytes handed out so far, with what was reserved below and the padding between arrays. */
  readonly bytesUsed: number;
}

/** What a kernel reserves unless told otherwise. Pages never touched cost nothing. */
export const defaultBytes = 128 * 2 ** 20;

/** A cache line: where every array starts. */
const alignment = 64;

/** Kept free behind the last array, because SIMD loads may read up to seven numbers past an array's end. */
const slack = 64;

/** A bump allocator over `buffer`, from byte `start` upwards. `owner` is who refuses when it is full. */
export function createMemory(owner: string, buffer: ArrayBufferLike, start: number): Memory {
  let top = start;

  function take(bytes: number): number {
    if (!Number.isSafeInteger(bytes) || bytes < 0) {
      throw new RangeError(`${owner}: an array's length must be a non-negative integer, got ${bytes} bytes.`);
    }
    const offset = Math.ceil(top / alignment) * alignment;
    if (offset + bytes > buffer.byteLength - slack) {
      throw new RangeError(
        `${owner}: cannot hand out ${bytes} bytes, ${top} of the ${buffer.byteLength} reserved are taken. ` +
          `Reserve more with ${owner}({ bytes }).`,
      );
    }
    top = offset + bytes;
    return offset;
  }

  return {
    float32: (length) => new Float32Array(buffer, take(4 * length), length),
    uint8: (length) => new Uint8Array(buffer, take(length), length),
    int32: (length) => new Int32Array(buffer, take(4 * length), length),
    get bytesUsed() {
      return top;
    },
  };
}
