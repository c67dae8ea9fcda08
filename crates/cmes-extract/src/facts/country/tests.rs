//! The country by each kind of hint, and when hints contradict each other.

use url::Url;

use super::*;
use crate::page::{RawPage, read};

fn country(domain: &str, language: &str, html: &str) -> (String, f32) {
    let url = Url::parse(&format!("https://www.{domain}/")).expect("a URL");
    let pages = [read(&RawPage { url: &url, headers: &[], html })];
    let found = find(&Site { pages: &pages, domain, language: language.parse().ok(), country: None });
    found.map_or((String::new(), 0.0), |finding| (finding.value.code().to_owned(), finding.confidence))
}

#[test]
fn every_kind_of_hint_counts() {
    let check = |domain: &str, language: &str, html: &str, expected: &str| {
        assert_eq!(country(domain, language, html).0, expected, "{domain} {language} {html}");
    };
    check("example.at", "", "", "AT");
    check("example.co.uk", "", "", "GB");
    check("example.io", "", "", "");
    check("example.com", "", "<footer>USt-IdNr. DE123456789</footer>", "DE");
    check("example.com", "", "<footer>UID: ATU12345678</footer>", "AT");
    check("example.com", "", "<footer>VAT No. GB 999 9999 73</footer>", "GB");
    check("example.com", "", "<footer>Registered in England and Wales No. 09999123</footer>", "GB");
    check("example.com", "", "<footer>CNPJ 99.999.123/0001-45</footer>", "BR");
    check("example.com", "", "<footer>NIP 999-999-91-23, REGON 999999123</footer>", "PL");
    check("example.com", "", "<footer>浙ICP备12345678号</footer>", "CN");
    check("example.com", "", "<footer>사업자등록번호 999-88-00123</footer>", "KR");
    check("example.com", "", "<footer>ОГРН 9999000012345</footer>", "RU");
    check("example.com", "", "<a href='tel:+46313900601'>031-390 06 01</a>", "SE");
    check("example.com", "", "<a href='tel:0041315110142'>x</a>", "CH");
    check("example.com", "", "<footer>Tel. +1 416 555 0142</footer>", "CA");
    check("example.com", "", "<html lang='pt-BR'><meta property='og:locale' content='pt_BR'>", "BR");
    check("example.com", "ja", "", "JP");
    check("example.com", "en", "<html lang='en-US'>", "");
    check("example.com", "de", "<footer>Ringstraße 4, 50667 Köln</footer>", "DE");
}

#[test]
fn the_address_outweighs_the_rest() {
    let html = "<footer>Bahnhofstrasse 1, CH-8001 Zürich, Schweiz <a href='tel:+49301234567'>Berlin</a></footer>";
    assert_eq!(country("example.com", "de", html).0, "CH");
    let html = "<footer>Mariahilfer Straße 45, 1060 Wien. UID ATU12345678</footer>";
    let (code, confidence) = country("example.at", "de", html);
    assert_eq!(code, "AT");
    assert!(confidence > 0.9, "{confidence}");
}

#[test]
fn a_country_that_is_only_likely_gives_way_to_what_is_said() {
    let check = |language: &str, html: &str, expected: &str| {
        assert_eq!(country("example.com", language, html).0, expected, "{html}");
    };
    let monterrey = "Calle Hidalgo 450<br>64000 Monterrey";
    check("es", &format!("<footer>{monterrey}<br>Norte, S.A. de C.V.</footer>"), "MX");
    check("es", &format!("<footer>{monterrey}<br>Tel. +52 81 8123 0142</footer>"), "MX");
    check("es", "<footer>Calle Serrano 12<br>28001 Madrid<br>Tel. +34 915 55 01 42</footer>", "ES");
    check("de", "<footer>Bahnhofstrasse 21<br>8001 Zürich</footer>", "CH");
    check("de", "<footer>Herrengasse 3, 8010 Graz</footer>", "AT");
    check("en", "<footer>45 Long Street<br>Cape Town 8001<br>Tel. +27 21 555 0142</footer>", "ZA");
    check("en", "<footer>North (Pty) Ltd, 45 Long Street, Cape Town 8001</footer>", "ZA");
    check("fr", "<footer>Rue du Lac 12<br>1207 Genève<br>Tél. +41 22 555 01 42</footer>", "CH");
    check("fr", "<footer>Rue de la Loi 20<br>1040 Bruxelles<br>Tél. +32 2 555 01 42</footer>", "BE");
    check("he", "<footer>רח' הרצל 9, חיפה</footer>", "IL");
}

#[test]
fn expressions_are_valid_and_name_countries() {
    assert_eq!(NUMBER.len(), NUMBERS.len());
    assert!(INTERNATIONAL.is_some());
    for (_, code) in HOME_OF {
        assert!(Country::from_code(code).is_some(), "{code}");
    }
}
