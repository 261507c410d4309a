//! A drawn screenshot: a window with a menu, rows of grey text and a banner with a message, as an indexed PNG (ISO/IEC
//! 15948).

use super::deflate::zlib;

const WIDTH: usize = 640;
const HEIGHT: usize = 360;

/// Paper, ink, light grey, grey, accent (replaced), white, red, pale red.
const COLOURS: [[u8; 3]; 8] = [
    [246, 247, 249],
    [38, 43, 51],
    [226, 229, 234],
    [168, 175, 186],
    [46, 110, 200],
    [255, 255, 255],
    [196, 48, 43],
    [253, 232, 230],
];
const ACCENTS: [[u8; 3]; 5] = [[46, 110, 200], [38, 140, 104], [122, 84, 190], [200, 120, 30], [60, 70, 90]];

struct Canvas(Vec<u8>);

impl Canvas {
    fn fill(&mut self, left: usize, top: usize, width: usize, height: usize, colour: u8) {
        for row in top..(top + height).min(HEIGHT) {
            let (start, end) = (row * WIDTH + left.min(WIDTH), row * WIDTH + (left + width).min(WIDTH));
            self.0[start..end].fill(colour);
        }
    }

    /// Writes in capitals of three by five dots, each dot `scale` pixels wide.
    fn write(&mut self, mut left: usize, top: usize, scale: usize, text: &str, colour: u8) {
        for letter in text.chars() {
            let dots = glyph(letter);
            for place in (0..15).filter(|place| dots >> (14 - place) & 1 == 1) {
                self.fill(left + place % 3 * scale, top + place / 3 * scale, scale, scale, colour);
            }
            left += 4 * scale;
        }
    }
}

/// The screen with this message.
pub(super) fn screen(message: &str, accent: u8) -> Vec<u8> {
    let mut canvas = Canvas(vec![0; WIDTH * HEIGHT]);
    canvas.fill(0, 0, WIDTH, 36, 4);
    canvas.write(16, 13, 2, "VITRINA  ORDERS  GOODS  SETTINGS", 5);
    canvas.fill(0, 36, 132, HEIGHT - 36, 2);
    for row in 0..8 {
        canvas.fill(18, 58 + row * 26, 60 + (row * 37) % 40, 8, 3);
    }
    canvas.fill(156, 60, 460, 52, 7);
    canvas.fill(156, 60, 5, 52, 6);
    canvas.write(178, 78, 3, message, 6);
    for row in 0..8 {
        let top = 130 + row * 27;
        canvas.fill(156, top, 460, 1, 2);
        canvas.fill(156, top + 10, 90 + (row * 53) % 80, 7, 3);
        canvas.fill(330, top + 10, 60 + (row * 29) % 50, 7, 3);
        canvas.fill(470, top + 7, 54, 13, if row % 3 == 0 { 7 } else { 2 });
        canvas.write(566, top + 9, 2, &format!("{}", 1_204 + row * 37), 1);
    }
    encode(&canvas.0, accent)
}

fn encode(pixels: &[u8], accent: u8) -> Vec<u8> {
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = Vec::new();
    header.extend((WIDTH as u32).to_be_bytes());
    header.extend((HEIGHT as u32).to_be_bytes());
    header.extend([8, 3, 0, 0, 0]);
    chunk(&mut out, b"IHDR", &header);
    let mut colours = COLOURS;
    colours[4] = ACCENTS[usize::from(accent) % ACCENTS.len()];
    chunk(&mut out, b"PLTE", colours.as_flattened());
    let mut rows = Vec::with_capacity(pixels.len() + HEIGHT);
    for row in pixels.chunks(WIDTH) {
        rows.push(0);
        rows.extend(row);
    }
    chunk(&mut out, b"IDAT", &zlib(&rows));
    chunk(&mut out, b"IEND", &[]);
    out
}

fn chunk(out: &mut Vec<u8>, name: &[u8; 4], data: &[u8]) {
    out.extend((data.len() as u32).to_be_bytes());
    let start = out.len();
    out.extend(name);
    out.extend(data);
    let sum = crc(&out[start..]);
    out.extend(sum.to_be_bytes());
}

fn crc(data: &[u8]) -> u32 {
    !data.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| if sum & 1 == 1 { sum >> 1 ^ 0xedb8_8320 } else { sum >> 1 })
    })
}

/// Five rows of three dots, from the top left, in fifteen bits.
fn glyph(letter: char) -> u16 {
    match letter {
        'A' => 0b010_101_111_101_101,
        'B' => 0b110_101_110_101_110,
        'C' => 0b011_100_100_100_011,
        'D' => 0b110_101_101_101_110,
        'E' => 0b111_100_110_100_111,
        'F' => 0b111_100_110_100_100,
        'G' => 0b011_100_101_101_011,
        'H' => 0b101_101_111_101_101,
        'I' => 0b111_010_010_010_111,
        'J' => 0b001_001_001_101_010,
        'K' => 0b101_101_110_101_101,
        'L' => 0b100_100_100_100_111,
        'M' => 0b101_111_111_101_101,
        'N' => 0b110_101_101_101_101,
        'O' => 0b010_101_101_101_010,
        'P' => 0b110_101_110_100_100,
        'Q' => 0b010_101_101_110_011,
        'R' => 0b110_101_110_101_101,
        'S' => 0b011_100_010_001_110,
        'T' => 0b111_010_010_010_010,
        'U' => 0b101_101_101_101_111,
        'V' => 0b101_101_101_101_010,
        'W' => 0b101_101_111_111_101,
        'X' => 0b101_101_010_101_101,
        'Y' => 0b101_101_010_010_010,
        'Z' => 0b111_001_010_100_111,
        '0' => 0b111_101_101_101_111,
        '1' => 0b010_110_010_010_111,
        '2' => 0b111_001_111_100_111,
        '3' => 0b111_001_111_001_111,
        '4' => 0b101_101_111_001_001,
        '5' => 0b111_100_111_001_111,
        '6' => 0b111_100_111_101_111,
        '7' => 0b111_001_001_001_001,
        '8' => 0b111_101_111_101_111,
        '9' => 0b111_101_111_001_111,
        '.' => 0b000_000_000_000_010,
        '-' => 0b000_000_111_000_000,
        ':' => 0b000_010_000_010_000,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_one_of_the_standard() {
        assert_eq!(crc(b"123456789"), 0xcbf4_3926);
        assert_eq!(crc(b"IEND"), 0xae42_6082);
    }

    #[test]
    fn a_screen_is_a_small_png() {
        let png = screen("ERROR 422", 1);
        assert!(png.starts_with(b"\x89PNG\r\n\x1a\n"));
        assert!(png.len() < 40_000, "{} bytes", png.len());
    }
}
