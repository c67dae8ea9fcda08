//! Numbers as sites write them, country by country, and what is no number.

use proptest::prelude::*;
use url::Url;

use super::find;
use crate::facts::Site;
use crate::page::{Page, RawPage, read};
use crate::structured::{Item, Syntax, Value};

fn page(domain: &str, path: &str, html: &str) -> Page {
    let url = Url::parse(&format!("https://www.{domain}{path}")).expect("a URL");
    read(&RawPage { url: &url, headers: &[], html })
}

fn numbers(domain: &str, pages: &[Page]) -> Vec<String> {
    let site = Site { pages, domain, language: None, country: None };
    find(&site).into_iter().map(|found| found.value).collect()
}

/// A paragraph on a page about products, where nothing but its words speaks
/// for a number.
fn check(domain: &str, text: &str, expected: &[&str]) {
    let page = page(domain, "/produkt/", &format!("<main><p>{text}</p></main>"));
    assert_eq!(numbers(domain, &[page]), expected, "{text}");
}

/// The same on a contact page.
fn check_contact(domain: &str, html: &str, expected: &[&str]) {
    let page = page(domain, "/contact/", &format!("<main>{html}</main>"));
    assert_eq!(numbers(domain, &[page]), expected, "{html}");
}

#[test]
fn labelled_numbers_of_many_countries() {
    check("firma.de", "Tel.: 040 / 76 54-32 00", &["+49 40 76543200"]);
    check("firma.de", "Telefon: +49 (0)40 / 669 69-100", &["+49 40 66969100"]);
    check("firma.de", "Fon 0 89-12 34 56 78", &["+49 89 12345678"]);
    check("firma.de", "Zentrale: (030) 23125-0", &["+49 30 231250"]);
    check("firma.de", "Hotline 0800 1234567", &["+49 800 1234567"]);
    check("firma.de", "Mobil: 0151 12345678", &["+49 1511 2345678"]);
    check("firma.de", "Telefonnummer 0341-2345678", &["+49 341 2345678"]);
    check("firma.de", "Sie erreichen uns unter Tel: 0049 40 66969100.", &["+49 40 66969100"]);
    check("firma.de", "Rufnummer: 040 669 69 – 100", &["+49 40 66969100"]);
    check("firma.at", "Telefon 07242 50142", &["+43 7242 50142"]);
    check("firma.at", "Tel +43 (0) 1 / 234 56 78", &["+43 1 2345678"]);
    check("firma.ch", "Tel. 031 511 01 42", &["+41 31 511 01 42"]);
    check("firma.ch", "T +41 44 668 18 00", &["+41 44 668 18 00"]);
    check("firm.co.uk", "Tel: 0161 496 0123", &["+44 161 496 0123"]);
    check("firm.co.uk", "Phone: +44 (0)20 7946 0456", &["+44 20 7946 0456"]);
    check("firm.co.uk", "Call us on 020 8068 4673", &["+44 20 8068 4673"]);
    check("firm.co.uk", "T: (0131) 496 0345", &["+44 131 496 0345"]);
    check("firm.ie", "Phone (01) 234 5678", &["+353 1 234 5678"]);
    check("firm.us", "Phone: (828) 555-0142", &["+1 828-555-0142"]);
    check("firm.us", "Call 1-800-555-0199", &["+1 800-555-0199"]);
    check("firm.us", "p: 828.555.0142 x12", &["+1 828-555-0142 ext. 12"]);
    check("firm.ca", "Tel: 416-555-0134", &["+1 416-555-0134"]);
    check("societe.fr", "Tél. : 04 65 71 12 34", &["+33 4 65 71 12 34"]);
    check("societe.fr", "Téléphone 01.23.45.67.89", &["+33 1 23 45 67 89"]);
    check("societe.fr", "Tél : +33 (0)4 65 71 12 34", &["+33 4 65 71 12 34"]);
    check("societe.fr", "Portable : 06 12 34 56 78", &["+33 6 12 34 56 78"]);
    check("firma.be", "Tel. 02 234 56 78", &["+32 2 234 56 78"]);
    check("empresa.es", "Teléfono: 963 91 01 45", &["+34 963 91 01 45"]);
    check("empresa.es", "Teléfono: (+34) 963 91 01 45", &["+34 963 91 01 45"]);
    check("empresa.es", "Móvil 600 12 34 56", &["+34 600 12 34 56"]);
    check("azienda.it", "Telefono: 055 234 0178", &["+39 055 234 0178"]);
    check("azienda.it", "Cell. 333 123 4567", &["+39 333 123 4567"]);
    check("empresa.pt", "Telefone 21 123 4567", &["+351 21 123 4567"]);
    check("empresa.com.br", "Fone: (35) 3712-0142", &["+55 35 3712-0142"]);
    check("empresa.com.br", "Celular: (35) 99912-0142", &["+55 35 99912-0142"]);
    check("empresa.com.mx", "Tel. 55 1234 5678", &["+52 55 1234 5678"]);
    check("empresa.com.ar", "Tel: 011 4345-6789", &["+54 11 4345-6789"]);
    check("bedrijf.nl", "Telefoon: 030 - 200 12 34", &["+31 30 200 1234"]);
    check("bedrijf.nl", "Bel 030 200 1235", &["+31 30 200 1235"]);
    check("foretag.se", "Telefon 031-390 06 01", &["+46 31 390 06 01"]);
    check("foretag.se", "Växel: 08-465 004 10", &["+46 8 465 004 10"]);
    check("firma.no", "Tlf. 22 12 34 56", &["+47 22 12 34 56"]);
    check("firma.dk", "Tlf.: 33 12 34 56", &["+45 33 12 34 56"]);
    check("yritys.fi", "Puh. 09 1234 5678", &["+358 9 12345678"]);
    check("firma.pl", "tel. 61 664 01 42", &["+48 61 664 01 42"]);
    check("firma.pl", "kom. 601 234 567", &["+48 601 234 567"]);
    check("firma.cz", "Telefon: 222 333 444", &["+420 222 333 444"]);
    check("ceg.hu", "Telefon: 06 1 234 5678", &["+36 1 234 5678"]);
    check("firma.ro", "Telefon 021 234 5678", &["+40 21 234 5678"]);
    check("firma.gr", "Τηλ: 210 123 4567", &["+30 21 0123 4567"]);
    check("kompaniya.ru", "Телефон: 8 (343) 288-01-42", &["+7 343 288-01-42"]);
    check("kompaniya.ru", "тел. +7 (343) 288-01-42, доб. 15", &["+7 343 288-01-42 ext. 15"]);
    check("kompaniya.com.ua", "Тел.: (044) 234-56-78", &["+380 44 234 5678"]);
    check("sirket.com.tr", "Tel: 0 (212) 555 01 42", &["+90 212 555 01 42"]);
    check("kaisha.co.jp", "TEL 0266-53-0142", &["+81 266-53-0142"]);
    check("kaisha.co.jp", "電話番号：０２６６－５３－０１４２", &["+81 266-53-0142"]);
    check("kaisha.co.jp", "TEL0266-53-0142", &["+81 266-53-0142"]);
    check("kaisha.co.jp", "お電話：03-5550-0123（内線 15）", &["+81 3-5550-0123 ext. 15"]);
    check("gongsi.cn", "电话：0571-8654-0142", &["+86 571 8654 0142"]);
    check("gongsi.cn", "热线 400-820-1234", &["+86 400 820 1234"]);
    check("gongsi.cn", "手机：138 0013 8000", &["+86 138 0013 8000"]);
    check("hoesa.co.kr", "전화: 032-550-0142", &["+82 32-550-0142"]);
    check("hoesa.co.kr", "대표전화 1588-1234", &["+82 1588-1234"]);
    check("sharika.ae", "هاتف: ٠٤ ٢٣٤ ٠١٤٢", &["+971 4 234 0142"]);
    check("sharika.ae", "الهاتف: +971 4 234 0142", &["+971 4 234 0142"]);
    check("hevra.co.il", "טלפון: 03-123-4567", &["+972 3-123-4567"]);
    check("company.in", "Phone: 022 2345 6789", &["+91 22 2345 6789"]);
    check("firm.com.au", "Phone (02) 9123 4567", &["+61 2 9123 4567"]);
    check("firm.com.au", "Call 1300 123 456", &["+61 1300 123 456"]);
    check("firm.co.nz", "Phone 09 300 1234", &["+64 9 300 1234"]);
    check("firm.co.za", "Tel: 011 234 5678", &["+27 11 234 5678"]);
    check("firm.com.sg", "Tel: 6234 5678", &["+65 6234 5678"]);
    check("firm.com", "+44 20 8068 4673", &["+44 20 8068 4673"]);
    check("firm.com", "Ring +49\u{a0}40\u{2009}66969100 today", &["+49 40 66969100"]);
    check("firm.com", "☎ +33 4 65 71 12 34", &["+33 4 65 71 12 34"]);
    check("firma.de", "Telefon 040 66969-100, Durchwahl -12", &["+49 40 66969100 ext. 12"]);
}

#[test]
fn icons_label_numbers() {
    let check = |html: &str, expected: &[&str]| assert_eq!(general("firma.de", "/x", html), expected, "{html}");
    check("<p><i class='fa fa-phone'></i> 040 66969100</p>", &["+49 40 66969100"]);
    check("<p><i class='bi bi-telephone-fill'></i> 040 66969100</p>", &["+49 40 66969100"]);
    check("<p><i class='fas fa-fax'></i> 040 66969100</p>", &[]);
    check("<p><i class='fa fa-map-marker'></i> 040 66969100</p>", &[]);
}

#[test]
fn what_stands_between_two_numbers() {
    check_contact("empresa.com.br", "<p>(51) 3023-0417 Fax: (51) 3023-0419", &["+55 51 3023-0417"]);
    check_contact("empresa.com.br", "<p>(51) 3023-0419 (Fax) (51) 3023-0417", &["+55 51 3023-0417"]);
    check_contact("bedrijf.nl", "<p>ma–vr 09.00–17.00<p>13.30-16.30", &[]);
    check_contact("hoesa.co.kr", "<p>Copyright © www.hoesa.co.kr All rights reserved. 제작 : 웹다온 (1670-9944)", &[]);
}

#[test]
fn structured_data_that_nothing_on_the_site_bears_out() {
    let data = "<script type='application/ld+json'>{\"@type\":\"Organization\",\"name\":\"Theme\",\"telephone\":\"+49 30 2312500\"}</script>";
    check_contact("firma.de", &format!("{data}<p>Tel. 040 66969100"), &["+49 40 66969100"]);
    check_contact("firma.de", &format!("{data}<p>Tel. 030 2312500"), &["+49 30 2312500"]);
    check_contact("firma.de", &format!("{data}<p>Willkommen"), &["+49 30 2312500"]);
}

#[test]
fn numbers_of_many_countries() {
    for (domain, text, expected) in [
        (
            "luat.vn",
            "Điện thoại: (028) 3812 3456 - Hotline: 0912 345 678",
            &["+84 28 3812 3456", "+84 912 345 678"][..],
        ),
        ("luat.vn", "Zalo: 0912 345 678 | Fax: (028) 3812 3457", &["+84 912 345 678"]),
        ("luat.vn", "Mã số thuế 0312345678 do Sở KHĐT cấp", &[]),
        ("luat.vn", "Điện thoại hỗ trợ. Giấy phép kinh doanh số 0312345678", &[]),
        ("firm.in", "Tel : 022-2345 6789 / 90", &["+91 22 2345 6789"]),
        ("firm.in", "Ph:- 0253-2345678, 9876543210", &["+91 253 234 5678", "+91 98765 43210"]),
        ("firm.in", "A/c No. 09871234567890, IFSC HDFC0001234", &[]),
        ("empresa.com.br", "Tel.: (11) 3456-7890 / 3456-7891", &["+55 11 3456-7890", "+55 11 3456-7891"]),
        ("empresa.com.br", "Fone (11) 3456-7890 ramal 204", &["+55 11 3456-7890 ext. 204"]),
        ("empresa.com.br", "Inscrição Estadual: 110.042.490.114", &[]),
        ("verband.ch", "PC 30-12345-6, IBAN CH93 0076 2011 6238 5295 7", &[]),
        ("firma.ee", "Registrikood 12345678, tel. 612 3456", &["+372 612 3456"]),
        ("bedrijf.nl", "BIG-nummer 19012345601, tel. 020 - 123 45 67", &["+31 20 123 4567"]),
        ("hoesa.co.kr", "TEL : 02-123-4567~8 / FAX : 02-123-4569", &["+82 2-123-4567"]),
        ("hoesa.co.kr", "계좌번호 국민은행 02-1234-5678", &[]),
        ("kompaniya.ru", "Тел. +7 (495) 123-45-67, 123-45-68", &["+7 495 123-45-67", "+7 495 123-45-68"]),
        ("kompaniya.ru", "тел. 8 (495) 123-45-67 доб. 123", &["+7 495 123-45-67 ext. 123"]),
        ("kompaniya.ru", "ИНН/КПП 7712345678/771201001", &[]),
        ("kancelaria.pl", "tel./fax (22) 123 45 67 wew. 12", &["+48 22 123 45 67 ext. 12"]),
        ("kancelaria.pl", "nr konta: 12 1020 1234 0000 1234 5678 9012", &[]),
        ("ristorante.it", "C.F./P.I. 01234567890, cell. 333 123 4567", &["+39 333 123 4567"]),
        ("firma.de", "Telefon 0421/3 47 58-0 · Telefax -99", &["+49 421 347580"]),
        ("firma.de", "Betriebsnummer 12345678, IK 260123456", &[]),
    ] {
        check(domain, text, expected);
    }
}

#[test]
fn countries_without_a_domain_of_their_own() {
    let check = |html: &str, expected: &[&str]| {
        let mut page = page("empresa.com", "/contacto", html);
        page.lang = "es".to_owned();
        let language = "es".parse().ok();
        let site = Site { pages: &[page], domain: "empresa.com", language, country: None };
        let found: Vec<String> = find(&site).into_iter().map(|found| found.value).collect();
        assert_eq!(found, expected, "{html}");
    };
    check(
        "<p>Tel. (81) 8155 0142<p><a href='https://wa.me/528181550143'>WhatsApp</a>",
        &["+52 81 8155 0142", "+52 81 8155 0143"],
    );
    check("<p>Tel. 963 91 01 45", &["+34 963 91 01 45"]);
}

#[test]
fn extensions_and_further_lines() {
    check("misrad.co.il", "טל' 04-8410142 שלוחה 12", &["+972 4-841-0142 ext. 12"]);
    check("etaireia.gr", "Τηλ. 2310 550142, εσωτ. 51", &["+30 231 055 0142 ext. 51"]);
    check("ceg.hu", "Tel.: 06 1 999 0142 / 12-es mellék", &["+36 1 999 0142 ext. 12"]);
    check("firma.cz", "Tel.: 222 333 444, linka 12", &["+420 222 333 444 ext. 12"]);
    check("misrad.co.il", "טלפון: 04-8410142 / 3", &["+972 4-841-0142"]);
    check("etaireia.gr", "Τηλ.: 2310 550142-3", &["+30 231 055 0142"]);
    check("gongsi.cn", "电　话：0571-86540142/43", &["+86 571 8654 0142"]);
    check("firma.de", "Tel. 040/669691", &["+49 40 669691"]);
}

#[test]
fn numbers_that_links_give_to_others() {
    let check = |html: &str, expected: &[&str]| check_contact("firma.de", html, expected);
    check(
        "<p>Tel. 040 66969100<p>Umgesetzt: <a href='https://agentur.test'>Agentur X</a> | Tel. 030 2312500",
        &["+49 40 66969100"],
    );
    check("<ul><li><a href='https://labor-nord.test'>Labor Nord 030 2312500</a></ul>", &[]);
    check("<p><a href='https://www.facebook.com/firma'>Facebook</a> | Tel. 040 66969100", &["+49 40 66969100"]);
    check("<p><a href='https://shop.firma.de'>Shop</a> Tel. 040 66969100", &["+49 40 66969100"]);
    check("<p><a href='https://karte.test'>Karte</a>, oder rufen Sie uns an: 040 66969100", &["+49 40 66969100"]);
}

#[test]
fn several_numbers_in_a_line() {
    check("firma.de", "Tel. 040 669690 / 040 669691", &["+49 40 669690", "+49 40 669691"]);
    check("firma.de", "T 040 66969100 | F 040 66969199", &["+49 40 66969100"]);
    check("firma.de", "F: 040 66969199 · T: 040 66969100", &["+49 40 66969100"]);
    check("firma.de", "Tel./Fax: 040 66969100", &["+49 40 66969100"]);
    check("firma.de", "Telefon und Fax 040 66969100", &["+49 40 66969100"]);
    check("empresa.es", "Tel. 963 91 01 45 · Fax 963 91 01 99", &["+34 963 91 01 45"]);
    check("kaisha.co.jp", "TEL：0266-53-0142　FAX：0266-53-0149", &["+81 266-53-0142"]);
    check("gongsi.cn", "电话：0571-8654-0142　传真：0571-8654-0149", &["+86 571 8654 0142"]);
}

#[test]
fn what_is_no_number_of_the_company() {
    for (domain, text) in [
        ("firma.de", "Fax: +49 40 66969199"),
        ("firma.de", "Telefax 040 66969199"),
        ("firma.de", "040 66969199 (Fax)"),
        ("kompaniya.ru", "Факс: +7 (343) 288-01-49"),
        ("kompaniya.ru", "телефакс 8 (343) 288-01-49"),
        ("kaisha.co.jp", "ファックス 0266-53-0149"),
        ("kaisha.co.jp", "FAX0266-53-0149"),
        ("gongsi.cn", "传真：0571-8654-0149"),
        ("hoesa.co.kr", "팩스: 032-550-0149"),
        ("sharika.ae", "فاكس: +971 4 234 0149"),
        ("sirket.com.tr", "Faks: 0 (212) 555 01 49"),
        ("societe.fr", "Télécopie : 04 65 71 12 99"),
        ("firma.de", "USt-IdNr. DE 040669691"),
        ("firma.de", "Steuernummer: 040/66969/100"),
        ("firma.de", "IBAN DE89 3704 0044 0532 0130 00"),
        ("firma.de", "Kontonummer 0406696910"),
        ("firma.de", "BLZ 200 505 50"),
        ("firma.de", "Amtsgericht Hamburg HRB 123456"),
        ("societe.fr", "SIRET 123 456 789 00012"),
        ("societe.fr", "RCS Lyon 465 711 234"),
        ("firma.pl", "NIP 616 640 1420, REGON 616640142"),
        ("kompaniya.ru", "ИНН 3432880142, ОГРН 1023432880142, КПП 343288014"),
        ("kompaniya.ru", "р/с 40702810343288014200"),
        ("empresa.com.br", "CNPJ 35.371.201/0001-42"),
        ("bedrijf.nl", "KvK 30200123"),
        ("firm.co.uk", "Company No. 01614960123"),
        ("firm.co.uk", "Registered in England and Wales No. 09999123"),
        ("firm.com.au", "ABN 51 824 753 556"),
        ("firm.us", "DUNS 82-855-5014"),
        ("firm.co.uk", "EORI GB123456789000"),
        ("firma.de", "Gegründet 1962, seit 01.02.2003 in Hamburg"),
        ("firma.de", "Termin: 12.05.2023 - 14.05.2023"),
        ("firma.de", "© 1962-2026"),
        ("firma.de", "Preis: 1.234.567,00 €"),
        ("firma.de", "53.5510846, 9.9936819"),
        ("firma.de", "Bestellnummer 040 66969100"),
        ("firma.de", "Artikel-Nr. 0406696910"),
        ("firma.de", "nach DIN EN 040-66969"),
        ("firma.de", "Abmessungen 040 66969 mm"),
        ("firm.us", "Server 192.168.100.200"),
        ("firm.us", "Order number 8285550142"),
        ("firm.us", "Emergencies: call 911"),
        ("firma.de", "Notruf 112"),
        ("firm.us", "ISBN 978-3-16-148410-0"),
        ("firm.us", "Model XR-8285550142"),
        ("firma.de", "Öffnungszeiten 08:30-17:00, 09:00-12:00"),
        ("firma.de", "Unsere Anlage 040 66969100 läuft"),
        ("firma.de", "Hosting: Beispielnetz AG, Serverstr. 1, Hamburg, Tel. 040 66969100"),
        ("firma.de", "Kunde des Monats: Schreinerei Übelacker, Tel. 040 66969100"),
        ("firma.de", "Unser Agent ist die Hafenkontor Röstgut GmbH, Tel. +49 40 66969555"),
        ("sharika.ae", "الرقم الضريبي 100999900012345"),
        ("hoesa.co.kr", "사업자등록번호 999-88-00123"),
        ("hoesa.co.kr", "호스팅사업자 : (주)누리호스트 02-1544-0142"),
        ("gongsi.cn", "QQ：2899990142"),
        ("gongsi.cn", "海关注册编码：13320999142"),
        ("gongsi.com.tw", "統一編號：02123456"),
        ("misrad.co.il", "ח.פ. 51-999142-0"),
        ("sharika.ae", "س.ت 0501234567"),
        ("etaireia.gr", "Α.Φ.Μ. 2310550142"),
        ("kompaniya.kz", "БИН 130940990142"),
        ("ceg.hu", "Cégjegyzékszám: 06-20-9990142"),
        ("ceg.hu", "Tárhelyszolgáltató: Pannon Tárhely Zrt., Budapest, +36 1 999 0142"),
        ("ceg.hu", "Békéltető Testület: 8200 Veszprém, Radnóti tér 99., 06 88 814 142"),
        ("firm.com.au", "In an emergency call 000. NURSE-ON-CALL 1300 975 711"),
        ("firm.com", "+999 123 456 789"),
        ("firm.com", "call 1234567"),
    ] {
        check(domain, text, &[]);
    }
}

#[test]
fn a_contact_page_needs_no_label() {
    check_contact("firma.de", "<p>Hafenstr. 1<br>20457 Hamburg<br>040 / 669 69-100</p>", &["+49 40 66969100"]);
    check_contact(
        "firma.de",
        "<table><tr><th>Telefon<td>040 66969100<tr><th>Telefax<td>040 66969199</table>",
        &["+49 40 66969100"],
    );
    check_contact("firma.de", "<h4>Fax</h4><p>040 66969199</p>", &[]);
    check_contact(
        "firma.de",
        "<div class=tel>040 66969100</div><div class=fax>040 66969199</div>",
        &["+49 40 66969100"],
    );
    check_contact("firma.de", "<p>Fax: <a href='tel:+494066969199'>040 66969199</a>", &[]);
    check_contact("firma.de", "<p>Umsatzsteuer-ID</p><p>040 66969100</p>", &[]);
}

#[test]
fn links_give_numbers() {
    let check = |html: &str, expected: &[&str]| check("firma.de", html, expected);
    check("<a href='tel:+49%2040%2066969100'>Anruf</a>", &["+49 40 66969100"]);
    check("<a href='tel:040-66969100'><i class='fa fa-phone'></i></a>", &["+49 40 66969100"]);
    check("<a href='tel:+494066969100;ext=12'>x</a>", &["+49 40 66969100 ext. 12"]);
    check("<a href='callto:+49(0)4066969100'>x</a>", &["+49 40 66969100"]);
    check("<a href='https://wa.me/4915112345678'>WhatsApp</a>", &["+49 1511 2345678"]);
    check("<a href='tel:112'>Notruf</a><a href='tel:'>x</a>", &[]);
    check("<a class='icon-fax' href='tel:+494066969199'>040 66969199</a>", &[]);
}

#[test]
fn the_number_that_a_person_would_choose_comes_first() {
    let check = |html: &str, expected: &[&str]| check_contact("firma.de", html, expected);
    check("<p>Mobil 0151 12345678<br>Telefon 040 66969100</p>", &["+49 40 66969100", "+49 1511 2345678"]);
    check("<p>Notdienst 040 66969110</p><p>Zentrale 040 66969100</p>", &["+49 40 66969100", "+49 40 66969110"]);
    check(
        "<h3>Niederlassung Berlin</h3><p>Tel. 030 2312500</p><h3>Hauptsitz Hamburg</h3><p>Tel. 040 66969100</p>",
        &["+49 40 66969100", "+49 30 2312500"],
    );
    check("<p>Bewerbung: Tel. 040 66969130</p><p>Tel. 040 66969100</p>", &["+49 40 66969100", "+49 40 66969130"]);
    check(
        "<div class=card><h3>Ann Lee</h3><p>Leiterin Vertrieb</p><p>Tel. 040 66969120</p></div><div class=card><h3>Bob Ray</h3><p>Leiter Service</p><p>Tel. 040 66969121</p></div><p>Tel. 040 66969100</p>",
        &["+49 40 66969100", "+49 40 66969120", "+49 40 66969121"],
    );
}

#[test]
fn blocks_about_others_are_left_out() {
    let check = |html: &str, expected: &[&str]| check_contact("firma.de", html, expected);
    check(
        "<p>Tel. 040 66969100</p><h3>Webdesign und Umsetzung</h3><p>Agentur X<br>Tel. 030 2312500</p>",
        &["+49 40 66969100"],
    );
    check("<p>Tel. 040 66969100</p><div class='testimonials'><p>Tel. +49 30 2312500</p></div>", &["+49 40 66969100"]);
    check("<p>Tel. 040 66969100</p><h2>Unsere Partner</h2><p>+49 30 2312500</p>", &["+49 40 66969100"]);
    check("<p>Tel. 040 66969100</p><p>Zuständige Aufsichtsbehörde:<br>Tel. 030 2312500</p>", &["+49 40 66969100"]);
}

#[test]
fn structured_data_gives_numbers() {
    let text = |name: &str, value: &str| (name.to_owned(), Value::Text(value.to_owned()));
    let point = Item {
        types: vec!["ContactPoint".into()],
        properties: vec![text("telephone", "040 66969110"), text("contactType", "technical support")],
        ..Item::default()
    };
    let item = Item {
        types: vec!["Organization".into()],
        properties: vec![
            ("contactPoint".to_owned(), Value::Item(Box::new(point))),
            text("telephone", "+49-40-66969100"),
            text("faxNumber", "+49 40 66969199"),
        ],
        syntax: Syntax::JsonLd,
        ..Item::default()
    };
    let mut page = page("firma.de", "/", "<p>Willkommen</p>");
    page.items = vec![item];
    assert_eq!(numbers("firma.de", &[page]), ["+49 40 66969100", "+49 40 66969110"]);
}

/// Numbers that are nobody's alone, of a page of this kind.
fn general(domain: &str, path: &str, html: &str) -> Vec<String> {
    let pages = [page(domain, path, &format!("<main>{html}</main>"))];
    let site = Site { pages: &pages, domain, language: None, country: None };
    find(&site).into_iter().filter(|found| found.confidence > super::PERSONAL).map(|found| found.value).collect()
}

#[test]
fn numbers_that_stand_with_a_person_are_theirs() {
    let check = |domain: &str, path: &str, html: &str, expected: &[&str]| {
        assert_eq!(general(domain, path, html), expected, "{html}");
    };
    // Academic title, unknown job.
    check("cabinet.fr", "/equipe", "<p>Dr Luc Morel<p>Ostéopathe<p>Tél. 05 36 49 02 21", &[]);
    // The address made from the name shows that it is one.
    check(
        "cabinet.fr",
        "/equipe",
        "<p>Line Fabre<p>Hypnose<p>Tél. 05 36 49 02 26<p><a href='mailto:l.fabre@cabinet.fr'>l.fabre@cabinet.fr</a>",
        &[],
    );
    check("studio.us", "/people", "<h4>Nora Lindgren, FAIA</h4><p>Art Director<br>612-555-0135", &[]);
    let bio = "Joined in 1998 and has led the workshop since 2011, after ten years at sea and two on land.";
    check("studio.us", "/people", &format!("<h4>Nora Lindgren</h4><p>Art Director<p>{bio}<p>612-555-0135"), &[]);
    check("firma.de", "/karriere/", "<p>Fragen? Frau Nowak, Tel. 040 66969150, hilft gerne.", &[]);
    check("firma.cz", "/kariera/", "<p>Volejte paní Horákovou z personálního, tel. 222 333 444.", &[]);
    // A department in the next row of the table is nobody's.
    check(
        "firma.cz",
        "/kontakty/",
        "<table><tr><td>Ředitel<td>Ing. Petr Novák<td>222 333 441<tr><td>Reklamace<td><td>222 333 444</table>",
        &["+420 222 333 444"],
    );
    check(
        "firma.de",
        "/kontakt/",
        "<h3>Udo Brandner</h3><p>Geschäftsführer</p><p>Tel. 040 66969120</p><p>Zentrale: 040 66969100</p>",
        &["+49 40 66969100"],
    );
    // A place is no person.
    check(
        "firma.mx",
        "/cobertura/",
        "<h3>Puerto Blanco</h3><p>Blvd. Colosio 5500, 88290 Laredo<p>867 712 0142",
        &["+52 867 712 0142"],
    );
}

#[test]
fn numbers_of_other_houses() {
    let own = "<p>Mail: info@firma-x.de";
    let check = |domain: &str, path: &str, html: &str, expected: &[&str]| {
        let mail = own.replace("firma-x.de", domain);
        assert_eq!(general(domain, path, &format!("{html}{mail}")), expected, "{html}");
    };
    check("ditta.it", "/contatti", "<p>Agente per la Liguria: Rappresentanze Ferri, Genova - cell. 335 999 41 21", &[]);
    check("ditta.it", "/lavorazioni", "<p>Trattamenti presso Galvanica Alta snc, Schio, tel. 0445 661 990", &[]);
    check("firma.cz", "/kontakty", "<p>Zástupce pro Slovensko: Obaly Nitra s.r.o., +421 41 507 0990", &[]);
    check("empresa.mx", "/servicios", "<p>Nuestro agente aduanal, Agencia Peña y Asociados, tel. 867 719 0990", &[]);
    check("forening.dk", "/kontakt", "<p>Klager: Datatilsynet, Carl Jacobsens Vej 35, 2500 Valby, 33 19 32 00", &[]);
    // Mail at another house's domain on the same card, wherever the number stands.
    check("firma.de", "/service", "<div><p>Kubin Technik<p>Tel. +43 732 650 143<p>post@kubin.at</div>", &[]);
    check("firma.de", "/service", "<div><p>Lager Süd<p>Tel. 040 66969130<p>lager@firma.de</div>", &["+49 40 66969130"]);
    // The customers' own words for the company keep its number.
    check("firma.de", "/service", "<p>Sie sind Lieferant? Tel. 040 66969130", &["+49 40 66969130"]);
    check("firm.co.uk", "/x", "<p>Call us as soon as you can on 020 8068 4673", &["+44 20 8068 4673"]);
    // A list of members or dealers.
    let rows: String = ["a", "b", "c", "d"]
        .iter()
        .zip(1..)
        .map(|(name, at)| format!("<tr><td>Tag {name}<td>Tlf. 33 12 34 5{at}<td>post@tag-{name}.dk</tr>"))
        .collect();
    check("forening.dk", "/x", &format!("<table>{rows}<tr><td>Tag E<td>Tlf. 33 12 34 59<td>–</table>"), &[]);
}

#[test]
fn makers_of_the_site_are_named_in_its_footer() {
    let check = |html: &str, expected: &[&str]| {
        let page = page("firm.co.uk", "/", &format!("<footer>{html}</footer>"));
        assert_eq!(numbers("firm.co.uk", &[page]), expected, "{html}");
    };
    check("<p>Website designed & hosted by Fox & Owl | 0113 496 0991", &[]);
    check("<p>Designed and made in Leeds</p><p>0113 496 0181", &["+44 113 496 0181"]);
    check("<p>©2022 Firm Ltd. VAT 123. Created by Ann Moss Web & Social – 0113 496 0991", &[]);
    check("<p>© 2022 Firm Ltd | Tel. 0113 496 0181", &["+44 113 496 0181"]);
}

#[test]
fn classes_that_hold_a_foreign_word_by_chance() {
    let check = |class: &str, expected: &[&str]| {
        check_contact("firma.de", &format!("<div class='{class}'><p>Tel. 040 66969100</div>"), expected);
    };
    check("contenttable ansprechpartner", &["+49 40 66969100"]);
    check("teaser-preview", &["+49 40 66969100"]);
    check("quote-form", &["+49 40 66969100"]);
    check("partner-logos", &[]);
    check("client-review", &[]);
}

#[test]
fn remarks_in_brackets_are_no_part_of_a_number() {
    check("ditta.it", "Tel. 0445 576012 (4 linee r.a.)", &["+39 0445 576012"]);
    check("firma.de", "Tel. 040 66969100 (24 h)", &["+49 40 66969100"]);
    check("firma.de", "Telefon +49 (0)40 66969100", &["+49 40 66969100"]);
}

#[test]
fn branches_and_one_page_sites() {
    let check = |html: &str, expected: &[&str]| assert_eq!(general("empresa.mx", "/x", html), expected, "{html}");
    check("<h3>Norte</h3><p>Av. Juárez 1718, 76120 Querétaro<p>442 223 0142", &["+52 442 223 0142"]);
    check("<h2>Contacto</h2><p>442 223 0142 / 442 223 0143", &["+52 442 223 0142", "+52 442 223 0143"]);
    check("<p>Número de serie<p>442 223 0142", &[]);
    self::check("empresa.com.br", "Plantão 24h: 0800 701 0142", &["+55 800 701 0142"]);
}

#[test]
fn a_page_full_of_digits_takes_no_time() {
    let hostile = [
        "0123456789 ".repeat(20_000),
        "+49 40 1234567 / ".repeat(6_000),
        "1".repeat(200_000),
        "Tel. ".repeat(40_000),
        "((((".repeat(50_000),
    ];
    for text in hostile {
        let page = page("firma.de", "/kontakt/", &format!("<p>{text}</p>"));
        let start = crate::effort::Effort::start();
        let _ = numbers("firma.de", &[page]);
        // Generous: this is an unoptimised build.
        assert!(start.spent().as_secs() < 20, "{}", crate::page::prefix(&text, 20));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_number_stands_in_the_text(text in "[0-9+()/ .,:a-zA-ZäФ電\u{660}-\u{669}\n-]{0,200}") {
        let page = page("firma.de", "/kontakt/", &format!("<pre>Tel. {text}</pre>"));
        let digits: String = text.chars().filter_map(super::number::digit).collect();
        for number in numbers("firma.de", &[page]) {
            let national: String = number.split_once(' ').map_or("", |(_, rest)| rest).split(" ext.").next().unwrap_or_default().chars().filter(char::is_ascii_digit).collect();
            prop_assert!(digits.contains(&national), "{number} of {text}");
        }
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,300}") {
        let page = page("firma.de", "/kontakt/", &text);
        let _ = numbers("firma.de", &[page]);
        let _ = super::scan::scan(&text);
        let _ = super::labels::before(&text);
        let _ = super::labels::behind(&text);
        let _ = super::whole(&text, &["DE"]);
    }
}
