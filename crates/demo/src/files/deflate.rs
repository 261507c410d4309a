//! Just enough of zlib (RFC 1950, RFC 1951) for drawings: one block with the fixed Huffman codes, where runs of a byte
//! become back references of distance one. Drawn screens are mostly such runs.

/// Compresses to a zlib stream.
pub(super) fn zlib(data: &[u8]) -> Vec<u8> {
    let mut bits = Bits { out: vec![0x78, 0x01], hold: 0, count: 0 };
    bits.put(0b011, 3);
    let mut at = 0;
    while at < data.len() {
        let byte = data[at];
        bits.literal(byte);
        at += 1;
        let mut run = data[at..].iter().take_while(|next| **next == byte).count();
        at += run;
        while run >= 3 {
            let length = if run >= 258 { 258 } else { run.min(10) };
            bits.repeat(length);
            run -= length;
        }
        (0..run).for_each(|_| bits.literal(byte));
    }
    bits.huffman(0, 7);
    let mut out = bits.finish();
    out.extend(adler(data).to_be_bytes());
    out
}

struct Bits {
    out: Vec<u8>,
    hold: u32,
    count: u32,
}

impl Bits {
    /// Writes `count` bits, the lowest first.
    fn put(&mut self, value: u32, count: u32) {
        self.hold |= value << self.count;
        self.count += count;
        while self.count >= 8 {
            self.out.push(self.hold as u8);
            self.hold >>= 8;
            self.count -= 8;
        }
    }

    /// Huffman codes are written from their highest bit.
    fn huffman(&mut self, code: u32, count: u32) {
        self.put(code.reverse_bits() >> (32 - count), count);
    }

    fn literal(&mut self, byte: u8) {
        match u32::from(byte) {
            low @ 0..144 => self.huffman(0x30 + low, 8),
            high => self.huffman(0x190 + high - 144, 9),
        }
    }

    /// Repeats the last byte: a length of 3 to 10, or 258, and the distance 1.
    fn repeat(&mut self, length: usize) {
        match length {
            258 => self.huffman(0xc0 + 285 - 280, 8),
            short => self.huffman(short as u32 - 2, 7),
        }
        self.huffman(0, 5);
    }

    fn finish(mut self) -> Vec<u8> {
        if self.count > 0 {
            self.out.push(self.hold as u8);
        }
        self.out
    }
}

fn adler(data: &[u8]) -> u32 {
    let (a, b) = data.iter().fold((1u32, 0u32), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65_521;
        (a, (b + a) % 65_521)
    });
    b << 16 | a
}
