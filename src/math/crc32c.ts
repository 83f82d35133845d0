/** Castagnoli's polynomial 0x1EDC6F41, bits reversed. */
const POLYNOMIAL = 0x82f63b78;

let table: Int32Array | null = null;

/** The checksum of iSCSI (RFC 3720, appendix B.4) and of TensorBoard's files, as an unsigned 32-bit integer. */
export function crc32c(bytes: Uint8Array): number {
  table ??= createTable();
  let crc = -1;
  for (let i = 0; i < bytes.length; i++) crc = table[(crc ^ bytes[i]) & 0xff] ^ (crc >>> 8);
  return ~crc >>> 0;
}

function createTable(): Int32Array {
  return Int32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    return crc;
  });
}
