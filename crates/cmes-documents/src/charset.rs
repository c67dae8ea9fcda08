//! From bytes to text: a byte order mark, what the file declares, valid UTF-8, and then a guess.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8};

/// The guess rests on this much of a file.
const GUESSED: usize = 1024 * 1024;
/// Declarations stand within this much of its beginning (HTML, "prescan a byte stream").
const DECLARED: usize = 1024;

/// Decodes a text. Never fails: what cannot be decoded becomes U+FFFD.
pub(crate) fn decode(bytes: &[u8]) -> String {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default()).0.into_owned();
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    let encoding = declared(bytes).unwrap_or_else(|| guessed(bytes));
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

/// The encoding that an HTML or XML file names in its beginning. It is not
/// asked for valid UTF-8, which is better evidence.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(bytes.get(..DECLARED).unwrap_or(bytes)).to_ascii_lowercase();
    if !head.contains('<') {
        return None;
    }
    let after = ["charset=", "encoding="].iter().find_map(|name| head.split_once(name))?.1;
    let label: String = after
        .trim_start_matches(['"', '\'', ' '])
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || "-_:".contains(*c))
        .collect();
    Encoding::for_label(label.as_bytes()).filter(|encoding| *encoding != UTF_8 && encoding.is_ascii_compatible())
}

/// The encoding of a text of which this is the beginning, which may end within a letter.
pub(crate) fn encoding_of_beginning(bytes: &[u8]) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding;
    }
    match std::str::from_utf8(bytes) {
        Ok(_) => UTF_8,
        // What is wrong with it is that it is cut.
        Err(error) if error.error_len().is_none() => UTF_8,
        Err(_) => guessed(bytes),
    }
}

fn guessed(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes.get(..GUESSED).unwrap_or(bytes), true);
    detector.guess(None, Utf8Detection::Deny)
}

/// Whether bytes are text in some encoding: zeros stand in UTF-16 alone, and
/// other control characters hardly anywhere.
pub(crate) fn is_text(bytes: &[u8]) -> bool {
    let head = bytes.get(..64 * 1024).unwrap_or(bytes);
    if Encoding::for_bom(bytes).is_some() {
        return true;
    }
    let odd = head.iter().filter(|byte| matches!(byte, 0..=8 | 11 | 14..=26 | 28..=31 | 127)).count();
    !head.contains(&0) && odd * 200 <= head.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_old_programs_are_decoded() {
        let german = "Wir fertigen Rohre für die Industrie. Geschäftsführer: Jürgen Groß, Köln.";
        let russian = "Мы производим трубы и фитинги для промышленности. Позвоните нам сегодня.";
        assert_eq!(decode(german.as_bytes()), german);
        assert_eq!(decode(&encoding_rs::WINDOWS_1252.encode(german).0), german);
        assert_eq!(decode(&encoding_rs::WINDOWS_1251.encode(russian).0), russian);
        let wide: Vec<u8> = "\u{feff}Köln".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(&wide), "Köln");
        let page = format!("<meta charset=\"windows-1251\"><p>{}", "Да");
        assert!(decode(&encoding_rs::WINDOWS_1251.encode(&page).0).contains("Да"));
    }

    #[test]
    fn noise_is_no_text() {
        assert!(is_text("Köln\r\n\t".as_bytes()));
        assert!(!is_text(&[0, 1, 2, 3]));
        let noise: Vec<u8> = (0..4_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        assert!(!is_text(&noise));
    }
}
