//! How bytes are shown in the character panel.

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CharTable {
    Default,
    Ascii,
    Codepage1047,
    Codepage437,
    Braille,
}

const EBCDIC_FROM_0X40: &str = "\x20\
.........$.<(+|\
&.........!$*);.\
-/.........,%_>?\
..........:#@'=.\
.abcdefghi.{.(+.\
.jklmnopqr.}.)..\
.~stuvwxyz......\
..........[]...-\
{ABCDEFGHI......\
}JKLMNOPQR......\
..STUVWXYZ......\
0123456789......";

const CP437_LOW: &str = "⋄☺☻♥♦♣♠•◘○◙♂♀♪♫☼►◄↕‼¶§▬↨↑↓→←∟↔▲▼";

const CP437_FROM_0X7F: &str = "⌂\
ÇüéâäàåçêëèïîìÄÅ\
ÉæÆôöòûùÿÖÜ¢£¥₧ƒ\
áíóúñÑªº¿⌐¬½¼¡«»\
░▒▓│┤╡╢╖╕╣║╗╝╜╛┐\
└┴┬├─┼╞╟╚╔╩╦╠═╬╧\
╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀\
αßΓπΣσµτΦΘΩδ∞φε∩\
≡±≥≤⌠⌡÷≈°∙·√ⁿ²■ﬀ";

impl CharTable {
    pub fn from_name(name: &str) -> Self {
        match name {
            "ascii" => CharTable::Ascii,
            "codepage-1047" => CharTable::Codepage1047,
            "codepage-437" => CharTable::Codepage437,
            "braille" => CharTable::Braille,
            _ => CharTable::Default,
        }
    }

    /// The characters for all 256 bytes.
    pub fn build(self) -> Vec<char> {
        match self {
            CharTable::Default => each_byte(default_char),
            CharTable::Ascii => each_byte(|b| if is_visible(b) { b as char } else { '.' }),
            CharTable::Codepage1047 => {
                std::iter::repeat('.').take(0x40).chain(EBCDIC_FROM_0X40.chars()).collect()
            }
            CharTable::Codepage437 => CP437_LOW
                .chars()
                .chain((0x20..0x7f_u8).map(char::from))
                .chain(CP437_FROM_0X7F.chars())
                .collect(),
            CharTable::Braille => each_byte(braille_char),
        }
    }
}

fn each_byte(map: impl Fn(u8) -> char) -> Vec<char> {
    (0..=255).map(map).collect()
}

fn is_visible(byte: u8) -> bool {
    byte == b' ' || byte.is_ascii_graphic()
}

fn default_char(byte: u8) -> char {
    match byte {
        0 => '⋄',
        _ if is_visible(byte) => byte as char,
        _ if byte.is_ascii_whitespace() => '_',
        0x80.. => '×',
        _ => '•',
    }
}

fn braille_char(byte: u8) -> char {
    match byte {
        0 => '⋄',
        b'\t' => '→',
        b'\n' => '↵',
        b'\r' => '←',
        _ if is_visible(byte) => byte as char,
        _ => braille_pattern(byte),
    }
}

/// Bits 0 and 1 of each row of dots become the left and the right dot.
fn braille_pattern(byte: u8) -> char {
    const DOTS: [u32; 8] = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80];
    let dots: u32 = (0..8).filter(|bit| byte >> bit & 1 == 1).map(|bit| DOTS[bit]).sum();
    char::from_u32(0x2800 + dots).expect("a braille pattern")
}
