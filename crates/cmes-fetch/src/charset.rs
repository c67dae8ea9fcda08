//! From the bytes of a document to text.
//!
//! The order is that of browsers, so that pages read as their owners see them:
//! byte order mark, HTTP header, declaration inside the page, and only then a
//! guess, for which valid UTF-8 is the best evidence and the country of the
//! domain a hint.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8};

use crate::content::ContentKind;
use crate::prescan::declared_encoding;

/// The guess rests on this much of a document.
const GUESS_BYTES: usize = 1024 * 1024;

/// Decodes a document of this kind. `header` is the charset of its Content-Type,
/// `host` where it was read. Never fails: what cannot be decoded becomes U+FFFD.
pub(crate) fn decode(body: &[u8], kind: ContentKind, header: Option<&str>, host: &str) -> (String, &'static str) {
    if let Some((encoding, mark)) = Encoding::for_bom(body) {
        return decoded(encoding, &body[mark..]);
    }
    let from_header = header.and_then(|label| Encoding::for_label(label.as_bytes()));
    let encoding = from_header.or_else(|| declared(body, kind)).unwrap_or_else(|| guess(body, kind, host));
    decoded(encoding, body)
}

fn decoded(encoding: &'static Encoding, body: &[u8]) -> (String, &'static str) {
    let (text, _) = encoding.decode_without_bom_handling(body);
    (text.into_owned(), encoding.name())
}

fn declared(body: &[u8], kind: ContentKind) -> Option<&'static Encoding> {
    matches!(kind, ContentKind::Html | ContentKind::Xml).then(|| declared_encoding(body)).flatten()
}

fn guess(body: &[u8], kind: ContentKind, host: &str) -> &'static Encoding {
    if kind == ContentKind::Json || is_utf8(body) {
        return UTF_8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(&body[..body.len().min(GUESS_BYTES)], true);
    detector.guess(top_level_domain(host), Utf8Detection::Deny)
}

/// Valid UTF-8, but for a character that the size limit may have cut.
fn is_utf8(body: &[u8]) -> bool {
    match std::str::from_utf8(body) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none() && error.valid_up_to() > 0,
    }
}

/// The last label, in the only form that the detector accepts.
fn top_level_domain(host: &str) -> Option<&[u8]> {
    let label = host.trim_end_matches('.').rsplit('.').next()?.as_bytes();
    let plain = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-';
    let is_name = label.first().is_some_and(u8::is_ascii_lowercase) && label.iter().all(plain);
    is_name.then_some(label)
}

#[cfg(test)]
mod tests {
    use encoding_rs::{BIG5, EUC_KR, GBK, ISO_8859_2, SHIFT_JIS, WINDOWS_1251, WINDOWS_1252, WINDOWS_1253};
    use proptest::prelude::*;

    use super::*;

    const RUSSIAN: &str = "<p>Мы производим трубы и фитинги для промышленности. Позвоните нам сегодня.</p>";
    const JAPANESE: &str = "<p>私たちは産業用のパイプを製造しています。お気軽にお問い合わせください。</p>";
    const CHINESE: &str = "<p>我们生产工业管道，欢迎与我们联系。公司成立于一九九八年。</p>";
    const GERMAN: &str = "<p>Wir fertigen Rohre für die Industrie. Geschäftsführer: Jürgen Groß, Köln.</p>";

    fn encoded(encoding: &'static Encoding, text: &str) -> Vec<u8> {
        let (bytes, _, lost) = encoding.encode(text);
        assert!(!lost, "{} holds this text", encoding.name());
        bytes.into_owned()
    }

    fn check(body: &[u8], header: Option<&str>, host: &str, text: &str, charset: &str) {
        let (decoded, name) = decode(body, ContentKind::Html, header, host);
        assert_eq!((decoded.as_str(), name), (text, charset));
    }

    #[test]
    fn the_header_decides() {
        check(&encoded(WINDOWS_1251, RUSSIAN), Some("windows-1251"), "example.com", RUSSIAN, "windows-1251");
        check(&encoded(SHIFT_JIS, JAPANESE), Some("Shift_JIS"), "example.com", JAPANESE, "Shift_JIS");
        check(&encoded(GBK, CHINESE), Some("GB2312"), "example.com", CHINESE, "GBK");
        check(&encoded(WINDOWS_1252, GERMAN), Some("ISO-8859-1"), "example.com", GERMAN, "windows-1252");
        let page = format!("<meta charset=utf-8>{GERMAN}");
        check(&encoded(WINDOWS_1252, &page), Some("latin1"), "example.com", &page, "windows-1252");
    }

    #[test]
    fn the_page_decides_without_a_header() {
        for (encoding, text) in [(WINDOWS_1251, RUSSIAN), (SHIFT_JIS, JAPANESE), (GBK, CHINESE), (WINDOWS_1252, GERMAN)]
        {
            let page = format!("<meta charset={}>{text}", encoding.name());
            check(&encoded(encoding, &page), None, "example.com", &page, encoding.name());
            check(&encoded(encoding, &page), Some("no-such-charset"), "example.com", &page, encoding.name());
        }
    }

    #[test]
    fn a_byte_order_mark_beats_everything() {
        let mut utf8 = b"\xef\xbb\xbf".to_vec();
        utf8.extend_from_slice(GERMAN.as_bytes());
        check(&utf8, Some("windows-1252"), "example.com", GERMAN, "UTF-8");
        let little: Vec<u8> =
            "\u{feff}".encode_utf16().chain(GERMAN.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        check(&little, Some("utf-8"), "example.com", GERMAN, "UTF-16LE");
        let big: Vec<u8> = "\u{feff}".encode_utf16().chain(GERMAN.encode_utf16()).flat_map(u16::to_be_bytes).collect();
        check(&big, None, "example.com", GERMAN, "UTF-16BE");
    }

    #[test]
    fn without_any_declaration_it_is_guessed() {
        check(GERMAN.as_bytes(), None, "example.com", GERMAN, "UTF-8");
        check(&encoded(WINDOWS_1251, RUSSIAN), None, "example.ru", RUSSIAN, "windows-1251");
        check(&encoded(SHIFT_JIS, JAPANESE), None, "example.jp", JAPANESE, "Shift_JIS");
        check(&encoded(GBK, CHINESE), None, "example.cn", CHINESE, "GBK");
        check(&encoded(WINDOWS_1252, GERMAN), None, "example.de", GERMAN, "windows-1252");
        let korean = "<p>우리는 산업용 파이프를 생산합니다. 문의해 주십시오.</p>";
        check(&encoded(EUC_KR, korean), None, "example.kr", korean, "EUC-KR");
        let taiwanese = "<p>我們生產工業管道，歡迎與我們聯繫。公司成立於一九九八年。</p>";
        check(&encoded(BIG5, taiwanese), None, "example.tw", taiwanese, "Big5");
        let polish = "<p>Produkujemy rury dla przemysłu. Zadzwoń do nas już dziś, żółty łuk.</p>";
        check(&encoded(ISO_8859_2, polish), None, "example.pl", polish, "ISO-8859-2");
        let greek = "<p>Κατασκευάζουμε σωλήνες για τη βιομηχανία. Άνετα μαζί μας.</p>";
        check(&encoded(WINDOWS_1253, greek), None, "example.gr", greek, "windows-1253");
    }

    #[test]
    fn utf8_cut_by_the_size_limit_stays_utf8() {
        let cut = &GERMAN.as_bytes()[..=GERMAN.find('ü').expect("it is there")];
        let (text, charset) = decode(cut, ContentKind::Text, None, "example.de");
        assert_eq!(charset, "UTF-8");
        assert!(text.ends_with("f\u{fffd}"), "{text}");
    }

    #[test]
    fn json_is_utf8() {
        let (text, charset) = decode("{\"a\":\"ü\"}".as_bytes(), ContentKind::Json, None, "example.de");
        assert_eq!((text.as_str(), charset), ("{\"a\":\"ü\"}", "UTF-8"));
    }

    proptest! {
        #[test]
        fn nothing_panics(body: Vec<u8>, header: Option<String>, host in "\\PC{0,20}") {
            for kind in [ContentKind::Html, ContentKind::Xml, ContentKind::Text, ContentKind::Json] {
                let _ = decode(&body, kind, header.as_deref(), &host);
            }
        }

        #[test]
        fn utf8_comes_back_as_it_was(text in "\\PC*") {
            let (decoded, _) = decode(text.as_bytes(), ContentKind::Text, Some("utf-8"), "example.com");
            prop_assert_eq!(decoded, text);
        }
    }
}
