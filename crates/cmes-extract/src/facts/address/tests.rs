//! Addresses as websites of many countries write them, and what only looks so.

use url::Url;

use super::*;
use crate::page::{RawPage, read};
use crate::structured::{Item, Syntax, Value};

fn page(url: &str, html: &str) -> Page {
    let url = Url::parse(url).expect("a URL");
    read(&RawPage { url: &url, headers: &[], html })
}

fn site(pages: &[Page], country: &str) -> Vec<Finding<Place>> {
    find(&Site { pages, domain: "example.com", language: None, country: Country::from_code(country) })
}

/// `zip|city|state|street1|street2`, empty parts at the end left out.
fn written(place: &Place) -> String {
    let a = &place.address;
    let text = [&a.zip, &a.city, &a.state, &a.street1, &a.street2].map(String::as_str).join("|");
    text.trim_end_matches('|').to_owned()
}

/// `/` in the text is a line break. The site's country is not known.
fn on_contact_page(text: &str, lang: &str, country: &str) -> Vec<Finding<Place>> {
    let html = format!("<html lang='{lang}'><h1>Contact</h1><p>{}</p>", text.replace(" // ", "<br>"));
    site(&[page("https://www.example.com/contact", &html)], country)
}

#[track_caller]
fn check_all(country: &str, lang: &str, cases: &[(&str, &str)]) {
    let mut wrong = Vec::new();
    for (text, expected) in cases {
        let found = on_contact_page(text, lang, "");
        let first = found.first().map(|finding| (written(&finding.value), finding.value.country));
        let right = first.as_ref().is_some_and(|(text, c)| text == expected && c.is_some_and(|c| c.code() == country));
        if !right {
            wrong.push(format!("{text}\n  expected {expected} {country}\n  found    {first:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}\n", wrong.join("\n"));
}

mod blocks;
mod countries;
mod uncoded;
mod units;

#[test]
fn what_only_looks_like_an_address() {
    let mut wrong = Vec::new();
    for text in [
        "12345 Kunden vertrauen uns",
        "Über 10000 Kunden in Deutschland",
        "Registergericht: Amtsgericht Lübeck, HRB 12345",
        "HRB 12345 Lübeck",
        "Handelsregister: HRB 21107 Hamburg",
        "USt-IdNr.: DE123456789",
        "Tel. 040 12345 Hamburg",
        "Telefon 030 / 123 45 67, Berlin",
        "© 2024 Muster GmbH, Berlin",
        "12. März 2024 Berlin",
        "Messe 5. bis 8. Mai 2025 Hannover",
        "Seit 1998 Marktführer",
        "Nur 12345 Euro, jetzt kaufen",
        "Artikel 10115 Bohrmaschine",
        "Art.-Nr. 12345, Farbe Rot",
        "IBAN DE89 3704 0044 0532 0130 00, Commerzbank Köln",
        "BLZ 20050550 Hamburger Sparkasse",
        "RCS Lyon B 999 999 123",
        "SIRET 999 999 123 00017 – Code APE 7410Z",
        "Call 555-123-4567 or 555-0142 today",
        "(828) 555-0142 | hello@example.com",
        "Model AB12 3CD, Part No. 90210",
        "8 GB RAM, 512 GB SSD, Intel N100 4GB",
        "In 2023 Google acquired 3 startups",
        "Open 2400 hours a year, 5000 Products, 120 Projects",
        "Company number 09999123",
        "CNPJ 99.999.123/0001-45",
        "ИНН 9999000123, ОГРН 9999000012345",
        "KvK-nummer: 99912345, Btw-nummer: NL999912345B01",
        "1000 Mitarbeiter an 12 Standorten",
        "Mo-Fr 08:00 - 17:00 Uhr, Sa 0900 - 1200 Uhr",
        "TEL：0266-53-0142　FAX：0266-53-0149",
        "資本金 3,000万円 従業員数 62名",
        "营业执照 330110000123456 浙ICP备12345678号",
        "대표전화 1588-1234",
        "Chapter 11, Section 20500 Washington",
        "Order before 12:00 and get 10 % off 10000 Items",
        "Datenschutzbeauftragter: Dr. Reimers, Kanzlei, Neuer Wall 10, 20354 Hamburg",
        "Hébergeur : OVH SAS, 2 rue Kellermann, 59100 Roubaix",
        "Corrispondenti a Monaco (Kanzlei Huber, Theatinergasse 4, 80333 München) e Londra",
        "Gewerbebehörde: BH Wels-Land, Herrengasse 8, 4600 Wels",
        "Stockholm: 08-465 004 10 // E-post: info@example.com",
        "Hébergeur // Nuage Bleu SAS, 2 quai des Serveurs, 59100 Roubaix",
        "Trusted by: Bluestem Markets, 900 Prairie Ave, Omaha, NE 68199",
    ] {
        for country in ["", "DE", "US", "PL"] {
            if let Some(found) = on_contact_page(text, "de", country).first() {
                wrong.push(format!("{text} -> {} {}", written(&found.value), found.confidence));
            }
        }
    }
    assert!(wrong.is_empty(), "{}\n", wrong.join("\n"));
}

#[test]
fn sentences_that_lead_to_an_address() {
    check_all(
        "ES",
        "es",
        &[(
            "El titular es Almacenes, S.L., con C.I.F. B-99999123 y domicilio en Polígono Industrial El Canyar, calle 3, nave 27, 46469 Beniparrell (Valencia), inscrita en el Registro Mercantil",
            "46469|Beniparrell|Valencia|Polígono Industrial El Canyar, calle 3, nave 27",
        )],
    );
    check_all(
        "DE",
        "de",
        &[(
            "In unserem Werk 2 (Am Güterbahnhof 7, 21683 Stade) montieren wir Pumpen",
            "21683|Stade||Am Güterbahnhof 7",
        )],
    );
    check_all(
        "GB",
        "en",
        &[("Our office is at 76 Wigmore Street, London W1U 6TU.", "W1U 6TU|London||76 Wigmore Street")],
    );
    check_all(
        "BR",
        "pt",
        &[(
            "Torres Hidráulica Ltda, com sede na Rua das Flores, 100, Blumenau/SC, CEP 89010-000, inscrita no CNPJ",
            "89010-000|Blumenau|SC|Rua das Flores, 100",
        )],
    );
    check_all(
        "CZ",
        "cs",
        &[(
            "Správcem je společnost Novák s.r.o., se sídlem Nádražní 12, 602 00 Brno, IČO 123",
            "602 00|Brno||Nádražní 12",
        )],
    );
    check_all(
        "MX",
        "es",
        &[(
            "Fletes, S.A. de C.V., con domicilio en Carretera a Salinas 1280, C.P. 66645, Apodaca, Nuevo León, es responsable",
            "66645|Apodaca|Nuevo León|Carretera a Salinas 1280",
        )],
    );
}

#[test]
fn lines_of_a_footer_and_a_table() {
    let found = site(
        &[page(
            "https://a.example/",
            "<footer><div>Muster GmbH</div><div>Ringstraße 4</div><div>50667 Köln</div></footer>",
        )],
        "",
    );
    assert_eq!(written(&found[0].value), "50667|Köln||Ringstraße 4");
    assert!(found[0].confidence >= 0.8, "{}", found[0].confidence);
    let table = "<table><tr><th>会社名</th><td>株式会社青空精機</td></tr><tr><th>所在地</th><td>〒392-0099<br>長野県諏訪市湖南9999-1</td></tr></table>";
    let found = site(&[page("https://a.example/company/", table)], "");
    assert_eq!(written(&found[0].value), "392-0099|諏訪市|長野県|湖南9999-1");
}

fn text(name: &str, value: &str) -> (String, Value) {
    (name.to_owned(), Value::Text(value.to_owned()))
}

fn item(kind: &str, properties: Vec<(String, Value)>) -> Item {
    Item { types: vec![kind.to_owned()], id: String::new(), properties, syntax: Syntax::JsonLd }
}

fn address(fields: &[(&str, &str)]) -> (String, Value) {
    let address = item("PostalAddress", fields.iter().map(|(name, value)| text(name, value)).collect());
    ("address".to_owned(), Value::Item(Box::new(address)))
}

#[test]
fn structured_data_comes_first_and_takes_the_state_from_the_text() {
    let mut home = page(
        "https://a.example/",
        "<footer>18 Foundry Lane<br>Trafford Park<br>Manchester<br>Greater Manchester<br>M17 9ZZ</footer>",
    );
    let main = address(&[
        ("streetAddress", "Thornfield House, 18 Foundry Lane"),
        ("addressLocality", "Manchester"),
        ("postalCode", "M17 9ZZ"),
        ("addressCountry", "GB"),
    ]);
    let branch = address(&[
        ("streetAddress", "22 Anvil Street"),
        ("addressLocality", "Birmingham"),
        ("postalCode", "B9 9YD"),
        ("addressCountry", "United Kingdom"),
    ]);
    let branch = item("HardwareStore", vec![text("name", "Thornfield Birmingham"), branch]);
    home.items = vec![item("Organization", vec![("department".to_owned(), Value::Item(Box::new(branch))), main])];
    let found = site(&[home], "");
    let all: Vec<_> = found.iter().map(|finding| written(&finding.value)).collect();
    assert_eq!(
        all,
        [
            "M17 9ZZ|Manchester|Greater Manchester|Thornfield House, 18 Foundry Lane",
            "B9 9YD|Birmingham||22 Anvil Street"
        ]
    );
    assert_eq!(found[0].value.country, Country::from_code("GB"));
    assert_eq!((found[0].method, found[1].value.label.as_str()), (Method::SchemaOrg, "Thornfield Birmingham"));
}

#[test]
fn structured_fields_are_mended() {
    let check = |fields: &[(&str, &str)], expected: &str, country: &str| {
        let mut page = page("https://a.example/", "");
        page.items = vec![item("LocalBusiness", vec![address(fields)])];
        let found = site(&[page], "");
        let first = found.first().expect("an address");
        assert_eq!(
            (
                written(&first.value).as_str(),
                first.value.country.map(|c| c.code().to_owned()).unwrap_or_default().as_str()
            ),
            (expected, country)
        );
    };
    check(
        &[
            ("streetAddress", "418 Haywood Mill Road, Suite 300"),
            ("addressLocality", "Asheville, NC"),
            ("postalCode", "28899"),
            ("addressCountry", "USA"),
        ],
        "28899|Asheville|NC|418 Haywood Mill Road|Suite 300",
        "US",
    );
    check(
        &[
            ("streetAddress", "Kranhafenweg 14"),
            ("addressLocality", "21107 Hamburg"),
            ("addressCountry", "Deutschland"),
        ],
        "21107|Hamburg||Kranhafenweg 14",
        "DE",
    );
    check(
        &[
            ("streetAddress", "Rue du Lac 12"),
            ("addressLocality", "Neuchâtel"),
            ("postalCode", "CH-2000"),
            ("addressCountry", "http://www.wikidata.org/Switzerland"),
        ],
        "2000|Neuchâtel||Rue du Lac 12",
        "CH",
    );
    check(
        &[
            ("streetAddress", "Box 12"),
            ("postOfficeBoxNumber", "99"),
            ("addressLocality", "Dubai"),
            ("addressCountry", "AE"),
        ],
        "|Dubai||Box 12|PO Box 99",
        "AE",
    );
}

#[test]
fn labels_say_what_they_say_and_no_more() {
    let check = |label: &str, expected: Option<words::Role>| assert_eq!(words::role(label), expected, "{label}");
    for label in [
        "Head office",
        "Hauptsitz",
        "Zentrale Hamburg",
        "Siège social",
        "Sede legale",
        "本社",
        "本社・工場",
        "본사",
        "Registered office",
    ] {
        check(label, Some(words::Role::Head));
    }
    for label in ["Niederlassung Hamburg", "Filiale", "東京営業所", "Branch", "Werk 2"] {
        check(label, Some(words::Role::Branch));
    }
    for label in ["Hébergeur", "Datenschutzbeauftragter", "What our customers say", "Aufsichtsbehörde"] {
        check(label, Some(words::Role::Foreign));
    }
    check("工場長 宮坂 健太", None);
    check("Postanschrift", Some(words::Role::Postal));
    check("Anschrift", Some(words::Role::Plain));
    check("Stiftung", None);
}

#[test]
fn others_structured_addresses_are_left_out() {
    let mut page = page("https://a.example/", "");
    let place = address(&[("streetAddress", "Messeplatz 1"), ("addressLocality", "Hannover"), ("postalCode", "30521")]);
    page.items = vec![
        item("Event", vec![("location".to_owned(), Value::Item(Box::new(item("Place", vec![place.clone()]))))]),
        item("Person", vec![place]),
    ];
    assert!(site(&[page], "").is_empty());
}

#[test]
fn the_head_office_comes_first_and_branches_keep_their_labels() {
    let html = "<h1>Standorte</h1><h2>Niederlassung Hamburg</h2><p>Kranweg 1<br>20457 Hamburg</p>\
                <h2>Hauptsitz</h2><p>Ringstraße 4<br>50667 Köln</p><h2>Werk Süd</h2><p>Isarstraße 9<br>80469 München</p>";
    let found = site(&[page("https://a.example/standorte", html)], "DE");
    let all: Vec<_> = found.iter().map(|f| (f.value.address.city.as_str(), f.value.label.as_str())).collect();
    assert_eq!(all, [("Köln", "Hauptsitz"), ("Hamburg", "Niederlassung Hamburg"), ("München", "Werk Süd")]);
}

#[test]
fn a_registered_office_is_not_the_head_office() {
    let first = |pages: &[Page], country: &str| site(pages, country).first().map(|found| written(&found.value));
    // At the accountants', though it stands on every page.
    let footer = "<footer>Registered office: c/o Dunn &amp; Hart LLP, 4 Queen Square, Wakefield WF1 1BB.</footer>";
    let pages = [
        page("https://a.example/", footer),
        page("https://a.example/about", footer),
        page(
            "https://a.example/contact",
            &format!(
                "<h1>Contact</h1><p><b>Head Office</b><br>Unit 7, Pine Court, Gelder Road<br>Leeds LS12 6DH</p>{footer}"
            ),
        ),
    ];
    assert_eq!(first(&pages, "GB").as_deref(), Some("LS12 6DH|Leeds||Unit 7, Pine Court, Gelder Road"));
    assert_eq!(first(&pages[..2], "GB").as_deref(), Some("WF1 1BB|Wakefield||4 Queen Square"));
    let pages = [page(
        "https://a.example/kontakty",
        "<html lang=ru><p>Юридический адрес: 101000, г. Москва, ул. Мясницкая, д. 5</p>\
         <p>Головной офис: 620014, г. Екатеринбург, ул. Малышева, д. 36</p>",
    )];
    assert_eq!(first(&pages, "RU").as_deref(), Some("620014|Екатеринбург||ул. Малышева, д. 36"));
    let pages = [page(
        "https://a.example/contatti",
        "<html lang=it><h1>Contatti</h1><p>Sede legale: presso Studio Bianchi, Via Roma 3, 20121 Milano (MI)</p>\
         <p>Uffici<br>Via Torino 9<br>24121 Bergamo (BG)</p>",
    )];
    assert_eq!(first(&pages, "IT").as_deref(), Some("24121|Bergamo|BG|Via Torino 9"));
}

#[test]
fn cities_in_capitals_are_written_as_on_maps() {
    for (written, expected) in [
        ("TOULOUSE", "Toulouse"),
        ("SAINT-ÉTIENNE", "Saint-Étienne"),
        ("AIX-EN-PROVENCE", "Aix-en-Provence"),
        ("CASTELNUOVO DI PORTO", "Castelnuovo di Porto"),
        ("L'AQUILA", "L'Aquila"),
        ("ŁÓDŹ", "Łódź"),
        ("ODENSE S", "Odense S"),
    ] {
        assert_eq!(merge::capitalised(written), expected);
    }
    assert!(
        merge::is_shouted("SCHIO")
            && !merge::is_shouted("Schio")
            && !merge::is_shouted("Bad Homburg v.d.H.")
            && !merge::is_shouted("東京都")
    );
    let pages = [page("https://a.example/contact", "<p>4 rue du Port<br>31300 TOULOUSE</p>")];
    assert_eq!(site(&pages, "FR").first().map(|found| found.value.address.city.clone()).as_deref(), Some("Toulouse"));
}

#[test]
fn what_stands_on_the_line_of_the_street_stays_there() {
    let of = |street: &str, city: &str, code: &str, country: &str| {
        let mut page = page("https://a.example/", "");
        let parts =
            [("streetAddress", street), ("addressLocality", city), ("postalCode", code), ("addressCountry", country)];
        page.items = vec![item("Organization", vec![address(&parts)])];
        site(&[page], country).first().map(|found| written(&found.value))
    };
    assert_eq!(
        of("Calle Mayor 5, 3º A", "Madrid", "28013", "ES").as_deref(),
        Some("28013|Madrid||Calle Mayor 5, 3º A")
    );
    assert_eq!(
        of("5 High Street, Suite 3", "Dover", "CT16 1AA", "GB").as_deref(),
        Some("CT16 1AA|Dover||5 High Street, Suite 3")
    );
    assert_eq!(
        of("Vestergade 1, 2. sal", "Odense C", "5000", "DK").as_deref(),
        Some("5000|Odense C||Vestergade 1, 2. sal")
    );
}

#[test]
fn the_same_address_in_many_places_is_one() {
    let footer = "<footer>Muster GmbH · Ringstr. 4 · 50667 Köln</footer>";
    let pages = [
        page("https://a.example/", footer),
        page(
            "https://a.example/kontakt",
            &format!("<h1>Kontakt</h1><p>Muster GmbH<br>Ringstr. 4<br>D-50667 Köln</p>{footer}"),
        ),
        page("https://a.example/news/x", &format!("<p>Besuchen Sie uns: Messeplatz 1, 30521 Hannover</p>{footer}")),
    ];
    let found = site(&pages, "DE");
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(written(&found[0].value), "50667|Köln||Ringstr. 4");
    assert!(found[0].snippet.contains("Ringstr. 4"), "{}", found[0].snippet);
}

#[test]
fn microformats_and_address_elements_are_trusted_on_any_page() {
    let card = "<div class='vcard'><span class='fn org'>Acme</span><div class='adr'><div class='street-address'>12 Mill Lane</div>\
                <span class='locality'>Leeds</span>, <span class='postal-code'>LS1 4AB</span> <div class='country-name'>UK</div></div></div>";
    let found = site(&[page("https://a.example/services/x", card)], "");
    assert_eq!(written(&found[0].value), "LS1 4AB|Leeds||12 Mill Lane");
    assert_eq!(found[0].method, Method::SchemaOrg);
    let found = site(&[page("https://a.example/x", "<address>Ringstr. 4<br>50667 Köln</address>")], "DE");
    assert!(found[0].confidence >= 0.7);
}

#[test]
fn a_country_that_is_known_decides_between_formats() {
    let country = |known: &str, text: &str| {
        on_contact_page(text, "en", known)
            .first()
            .and_then(|finding| finding.value.country)
            .map(|c| c.code().to_owned())
            .unwrap_or_default()
    };
    assert_eq!(country("AT", "Ringstraße 4, 4600 Wels"), "AT");
    assert_eq!(country("CH", "Ringstraße 4, 4600 Olten"), "CH");
    assert_eq!(country("CH", "Ringstraße 4, 50667 Köln"), "DE");
    assert_eq!(country("", "Ringstraße 4, 50667 Köln"), "DE");
    assert_eq!(country("DE", "Ringstraße 4, 1010 Wien, Austria"), "AT");
}

#[test]
fn a_hostile_page_takes_linear_time() {
    let started = crate::effort::Effort::start();
    for part in
        ["12345 Berlin, ", "Ringstr. 4<br>", "(", "10115<br>", "長野県諏訪市湖南9999-1<br>", "서울 강남구 로 1 "]
    {
        let html = part.repeat(1_000_000 / part.len());
        let _ = site(&[page("https://a.example/contact", &html)], "");
    }
    // Six megabytes unoptimised; what is quadratic takes hours.
    assert!(started.spent().as_secs() < 120, "{:?}", started.spent());
}

mod property {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn no_text_panics(lines in proptest::collection::vec("\\PC*", 1..6)) {
            let html = lines.join("<br>");
            let _ = site(&[page("https://a.example/contact", &html)], "DE");
        }

        #[test]
        fn no_text_like_an_address_panics(
            lines in proptest::collection::vec("[A-Z]{0,2}[-〒 ]?[0-9]{2,7}[- ]?[0-9A-Z]{0,4} ?[\\p{L}(,./:)]{0,8} ?(市|区|로|str|GB|NC|é)?[0-9]{0,4}", 1..8)
        ) {
            let html = lines.join("<br>");
            let _ = site(&[page("https://a.example/contact", &html)], "JP");
        }
    }
}
