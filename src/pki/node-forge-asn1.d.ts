/**
 * The part of node-forge used here: its DER reader and writer, without the X.509 layer (RSA only) and the pure
 * JavaScript cryptography that the package's main entry loads with it. Strings have one byte per character.
 */
declare module 'node-forge/lib/asn1.js' {
  export type Asn1 = {
    readonly tagClass: number;
    readonly type: number;
    readonly constructed: boolean;
    readonly value: string | readonly Asn1[];
  };
  type DerOptions = { readonly strict: boolean; readonly parseAllBytes: boolean; readonly decodeBitStrings: boolean };
  type ByteBuffer = { getBytes(): string };
  const asn1: {
    create(tagClass: number, type: number, constructed: boolean, value: string | readonly Asn1[]): Asn1;
    fromDer(bytes: string, options: DerOptions): Asn1;
    toDer(node: Asn1): ByteBuffer;
    oidToDer(oid: string): ByteBuffer;
    derToOid(bytes: string): string;
  };
  export default asn1;
}
