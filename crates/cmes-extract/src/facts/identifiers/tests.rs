//! Lines as imprints and footers have them.

use super::*;

fn check(line: &str, expected: &[(&str, &str, &str)]) {
    let found = in_line(line, None);
    let found: Vec<_> =
        found.iter().map(|one| (one.kind.as_str(), one.country.as_str(), one.number.as_str())).collect();
    assert_eq!(found, expected, "{line}");
}

#[test]
fn numbers_are_read_by_their_labels() {
    check("USt-IdNr.: DE 136 695 976", &[("VAT", "DE", "DE136695976")]);
    check(
        "Umsatzsteuer-Identifikationsnummer gemäß § 27 a Umsatzsteuergesetz: DE811569869",
        &[("VAT", "DE", "DE811569869")],
    );
    check("UID: ATU13585627, FN 56247t", &[("VAT", "AT", "ATU13585627"), ("FN", "AT", "56247T")]);
    check("CHE-100.155.212 MWST", &[("VAT", "CH", "CHE-100155212")]);
    check("UID CHE-100.155.212 MWST", &[("VAT", "CH", "CHE-100155212")]);
    check("BTW BE 0428.759.497 – RPR Brussel", &[("VAT", "BE", "BE0428759497")]);
    check("TVA intracommunautaire : FR 40 303 265 045", &[("VAT", "FR", "FR40303265045")]);
    check(
        "RCS Paris 732 829 320 - SIRET 732 829 320 00074",
        &[("SIREN", "FR", "732829320"), ("SIRET", "FR", "73282932000074")],
    );
    check("P. IVA 00743110157", &[("VAT", "IT", "IT00743110157")]);
    check("C.I.F. A28015865", &[("VAT", "ES", "ESA28015865")]);
    check("KvK 12345678 | btw NL004495445B01", &[("KvK", "NL", "12345678"), ("VAT", "NL", "NL004495445B01")]);
    check(
        "NIP 856-734-62-15, REGON 192598184, KRS 0000123456",
        &[("VAT", "PL", "PL8567346215"), ("REGON", "PL", "192598184"), ("KRS", "PL", "0000123456")],
    );
    check("IČO: 25596641, DIČ: CZ25123891", &[("ICO", "CZ", "25596641"), ("VAT", "CZ", "CZ25123891")]);
    check("Y-tunnus 2077474-0", &[("Y-tunnus", "FI", "2077474-0")]);
    check("CVR-nr. 13585628", &[("CVR", "DK", "13585628")]);
    check("Org.nr 988 077 917", &[("Org.nr", "NO", "988077917")]);
    check(
        "VAT Reg No GB 980 7806 84. Companies House 01234567",
        &[("VAT", "GB", "GB980780684"), ("Company number", "GB", "01234567")],
    );
    check("ИНН 7707083893, ОГРН 1027700132195", &[("INN", "RU", "7707083893"), ("OGRN", "RU", "1027700132195")]);
    check("CNPJ 16.727.230/0001-97", &[("CNPJ", "BR", "16727230000197")]);
    check("ABN 83 914 571 673, ACN 004 085 616", &[("ABN", "AU", "83914571673"), ("ACN", "AU", "004085616")]);
    check("GSTIN: 27AAPFU0939F1ZV", &[("GSTIN", "IN", "27AAPFU0939F1ZV")]);
    check("法人番号 5835678256246", &[("Corporate number", "JP", "5835678256246")]);
    check("统一社会信用代码：91110000600037341L", &[("USCC", "CN", "91110000600037341L")]);
    check("사업자등록번호: 116-82-00276", &[("Business number", "KR", "116-82-00276")]);
    check("統一編號 00501503", &[("UBN", "TW", "00501503")]);
    check("ח.פ. 516179157", &[("Company number", "IL", "516179157")]);
    check("OIB: 33392005961", &[("VAT", "HR", "HR33392005961")]);
    check("ΑΦΜ 094259216", &[("VAT", "GR", "EL094259216")]);
    check("HRB 12345", &[("HRB", "DE", "HRB 12345")]);
}

#[test]
fn what_is_no_number_or_has_wrong_digits() {
    for line in [
        "USt-IdNr.: DE 999 412 073",
        "P. IVA 09999120483",
        "CNPJ 99.999.123/0001-46",
        "Tel. 040 123456",
        "We vat 136695976 fish",
        "ISO 9001",
        "The harbour was built in 1962",
        "",
    ] {
        check(line, &[]);
    }
}

#[test]
fn numbers_without_check_digits_are_the_own_countrys() {
    assert_eq!(in_line("vr 9.17 uur, KvK 12345678", Some("NL")).len(), 1);
    assert_eq!(in_line("KvK 12345678", Some("DE")), []);
    assert_eq!(in_line("Company number 01234567", Some("GB")).len(), 1);
    assert_eq!(in_line("VAT 123456780", Some("PT")), []);
}

#[test]
fn the_court_is_named_with_its_register() {
    let url = url::Url::parse("https://firma.de/impressum").expect("a URL");
    let html = "<p>Registergericht: Amtsgericht Lübeck<br>HRB 4711<p>USt-IdNr.<br>DE136695976<p>Hotline";
    let page = [crate::page::read(&crate::page::RawPage { url: &url, headers: &[], html })];
    let site = Site { pages: &page, domain: "firma.de", language: None, country: None };
    let found = find(&site);
    let found: Vec<_> = found.iter().map(|one| (one.value.number.as_str(), one.value.authority.as_str())).collect();
    assert_eq!(found, [("HRB 4711", "Amtsgericht Lübeck"), ("DE136695976", "")]);
}

proptest::proptest! {
    #[test]
    fn no_line_panics(line in "(ust|vat|hrb|cnpj|инн|:| |-|DE|[0-9]{1,9}|é|\\PC){0,30}") {
        let _ = in_line(&line, Some("DE"));
    }
}
