//! People on team pages, in imprints, tables and lines of text, and what is nobody.

use proptest::prelude::*;
use url::Url;

use super::{find, lines, name};
use crate::facts::Site;
use crate::page::{Page, RawPage, read};
use crate::structured::{Item, Value};

fn page(path: &str, html: &str) -> Page {
    let url = Url::parse(&format!("https://www.firma.de{path}")).expect("a URL");
    read(&RawPage { url: &url, headers: &[], html })
}

fn people(pages: &[Page]) -> Vec<String> {
    let site = Site { pages, domain: "firma.de", language: None, country: None };
    let text = |found: crate::facts::Finding<cmes_types::Contact>| {
        let contact = found.value;
        let all = [contact.name, contact.job_position, contact.email, contact.phone];
        all.join(" | ").trim_end_matches([' ', '|']).to_owned()
    };
    find(&site).into_iter().map(text).collect()
}

fn check(html: &str, expected: &[&str]) {
    assert_eq!(people(&[page("/team/", &format!("<main>{html}</main>"))]), expected, "{html}");
}

#[test]
fn names_and_titles_in_one_line() {
    for (line, expected) in [
        ("Geschäftsführer: Max Müller", "Max Müller | Geschäftsführer"),
        ("Geschäftsführerin: Dr. Annika Brodersen", "Dr. Annika Brodersen | Geschäftsführerin"),
        ("Vertreten durch den Geschäftsführer Max Müller", "Max Müller | Geschäftsführer"),
        ("Inhaberin: Erika von der Heide", "Erika von der Heide | Inhaberin"),
        ("Vorstand: Hans-Peter Groß (Vorsitzender)", "Hans-Peter Groß | Vorstand"),
        ("Prokurist: Herr Karl Schulz", "Karl Schulz | Prokurist"),
        ("Managing Director: Ann Lee", "Ann Lee | Managing Director"),
        ("Ann Lee, CEO", "Ann Lee | CEO"),
        ("Ann Lee – Co-founder & CTO", "Ann Lee | Co-founder & CTO"),
        ("Ann Lee | Head of Sales", "Ann Lee | Head of Sales"),
        ("Ann O'Brien (Owner)", "Ann O'Brien | Owner"),
        ("Gérant : Jean-Luc Picard", "Jean-Luc Picard | Gérant"),
        ("Directrice de la publication : Camille Vasseur", "Camille Vasseur | Directrice de la publication"),
        ("Président : M. Paul Durand", "Paul Durand | Président"),
        ("Administrador único: José García López", "José García López | Administrador único"),
        ("Amministratore unico: Luca Rossi", "Luca Rossi | Amministratore unico"),
        ("Legale rappresentante: Avv. Beatrice Ferrantini", "Avv. Beatrice Ferrantini | Legale rappresentante"),
        ("Sócio-gerente: João da Silva", "João da Silva | Sócio-gerente"),
        ("Prezes Zarządu: Grzegorz Borowik", "Grzegorz Borowik | Prezes Zarządu"),
        ("Prezes Zarządu – Elżbieta Wójcik-Łuczak", "Elżbieta Wójcik-Łuczak | Prezes Zarządu"),
        ("Jednatel: Ing. Petr Novák", "Ing. Petr Novák | Jednatel"),
        ("Ügyvezető: Nagy Péter", "Nagy Péter | Ügyvezető"),
        ("Генеральный директор: Кузнецов Андрей Викторович", "Кузнецов Андрей Викторович | Генеральный директор"),
        ("Генеральный директор Кузнецов Андрей Викторович", "Кузнецов Андрей Викторович | Генеральный директор"),
        ("VD: Åsa Furulund", "Åsa Furulund | VD"),
        ("Daglig leder: Ola Nordmann", "Ola Nordmann | Daglig leder"),
        ("Toimitusjohtaja: Matti Virtanen", "Matti Virtanen | Toimitusjohtaja"),
        ("Directeur: Jan van den Berg", "Jan van den Berg | Directeur"),
        ("Genel Müdür: Şebnem Karasu", "Şebnem Karasu | Genel Müdür"),
        ("代表取締役社長 北原 誠一", "北原 誠一 | 代表取締役社長"),
        ("代表取締役：山田 太郎", "山田 太郎 | 代表取締役"),
        ("法定代表人：沈建国", "沈建国 | 法定代表人"),
        ("대표이사: 윤서준", "윤서준 | 대표이사"),
        ("대표이사 윤서준", "윤서준 | 대표이사"),
        ("المدير العام: خالد بن سالم المرزوقي", "خالد بن سالم المرزوقي | المدير العام"),
        ("Διευθύνων Σύμβουλος: Γιώργος Παπαδόπουλος", "Γιώργος Παπαδόπουλος | Διευθύνων Σύμβουλος"),
        ("Bereczky Zsolt ügyvezető", "Bereczky Zsolt | ügyvezető"),
        ("Jednatel společnosti: Ing. Petr Novák", "Ing. Petr Novák | Jednatel společnosti"),
        ("מנכ\"ל: אינג' יוסי גלבוע", "אינג' יוסי גלבוע | מנכ\"ל"),
        ("ד\"ר דנה פלדמן, מנהלת משרד", "ד\"ר דנה פלדמן | מנהלת משרד"),
        ("المدير التنفيذي: م. عبدالرحمن بن فهد القاسم", "م. عبدالرحمن بن فهد القاسم | المدير التنفيذي"),
        ("سارة العتيبي، مديرة المشتريات", "سارة العتيبي | مديرة المشتريات"),
        ("总经理：Lily Wu 吴莉莉", "吴莉莉 | 总经理"),
        ("Διευθύντρια: Μαρία Αθανασίου", "Μαρία Αθανασίου | Διευθύντρια"),
        ("Studio Manager: June Marrow", "June Marrow | Studio Manager"),
        ("Giám đốc: Nguyễn Văn An", "Nguyễn Văn An | Giám đốc"),
        ("Người đại diện: Bà Trần Thị Bích", "Trần Thị Bích"),
        ("Генеральный директор Иванов И.И.", "Иванов И.И. | Генеральный директор"),
        ("Juhatuse liige: Tõnu Kask", "Tõnu Kask | Juhatuse liige"),
        ("adw. Jan Kowalski – partner zarządzający", "adw. Jan Kowalski | partner zarządzający"),
        ("대표자 : 김 철수", "김 철수 | 대표자"),
        ("Jane Doe, PhD, Director of Research", "Jane Doe | Director of Research"),
        ("Dr. João Carlos da Silva – Sócio-diretor", "Dr. João Carlos da Silva | Sócio-diretor"),
        ("Präsidentin: Claudia Meier-Hofer", "Claudia Meier-Hofer | Präsidentin"),
        ("Av. Mehmet Yılmaz – Kurucu Ortak", "Av. Mehmet Yılmaz | Kurucu Ortak"),
        ("Konyhafőnök: Orsós Dávid", "Orsós Dávid | Konyhafőnök"),
        ("Vertreten durch: Max Müller", "Max Müller"),
        ("Represented by: Ann Lee", "Ann Lee"),
    ] {
        check(&format!("<p>{line}</p>"), &[expected]);
    }
}

#[test]
fn several_people_in_one_line() {
    check(
        "<p>Geschäftsführer: Dr. Annika Brodersen, Jens-Uwe Petersen</p>",
        &["Dr. Annika Brodersen | Geschäftsführer", "Jens-Uwe Petersen | Geschäftsführer"],
    );
    check(
        "<p>Geschäftsführer: Max Müller und Erika Schulz</p>",
        &["Max Müller | Geschäftsführer", "Erika Schulz | Geschäftsführer"],
    );
    check("<p>Vertreten durch:<br>Max Müller<br>Erika Schulz</p>", &["Max Müller", "Erika Schulz"]);
}

#[test]
fn cards_hold_a_person_with_address_and_number() {
    let card =
        |name: &str, title: &str, rest: &str| format!("<div class=card><h3>{name}</h3><p>{title}</p>{rest}</div>");
    let team = card(
        "Ann Lee",
        "Head of Sales",
        "<a href='mailto:a.lee@firma.de'>Mail</a> <a href='tel:+494066969101'>Call</a>",
    ) + &card(
        "Bob Ray",
        "Technical Director",
        "<p>Tel. 040 66969102<br>Fax 040 66969109<br>bob [at] firma [dot] de</p>",
    ) + &card("Eve Doe", "Buyer", "");
    check(
        &team,
        &[
            "Ann Lee | Head of Sales | a.lee@firma.de | +49 40 66969101",
            "Bob Ray | Technical Director | bob@firma.de | +49 40 66969102",
            "Eve Doe | Buyer",
        ],
    );
    check(
        "<h3>Ann Lee</h3><p>Head of Sales</p><p>a.lee@firma.de</p><h3>Bob Ray</h3><p>Buyer</p><p>b.ray@firma.de</p>",
        &["Ann Lee | Head of Sales | a.lee@firma.de", "Bob Ray | Buyer | b.ray@firma.de"],
    );
    check(
        "<p>Ann Lee – Head of Sales – ann@firma.de<br>Bob Ray – Buyer – bob@firma.de</p>",
        &["Ann Lee | Head of Sales | ann@firma.de", "Bob Ray | Buyer | bob@firma.de"],
    );
    check(
        "<dl><dt>Ann Lee<dd>Head of Sales, T +49 40 66969101<dt>Bob Ray<dd>Buyer</dl>",
        &["Ann Lee | Head of Sales |  | +49 40 66969101", "Bob Ray | Buyer"],
    );
    check(
        "<div><p>Head of Sales</p><h3>Ann Lee</h3></div><div><p>Buyer</p><h3>Bob Ray</h3></div>",
        &["Ann Lee | Head of Sales", "Bob Ray | Buyer"],
    );
}

#[test]
fn tables_name_people() {
    check(
        "<table><tr><th>代表者<td>代表取締役社長　北原 誠一<tr><th>設立<td>1968年</table>",
        &["北原 誠一 | 代表取締役社長"],
    );
    check("<table><tr><th>Managing Director<td>Ann Lee<tr><th>VAT<td>DE123</table>", &["Ann Lee | Managing Director"]);
}

#[test]
fn addresses_elsewhere_are_joined_by_name() {
    let team = page("/team/", "<h3>Ann Lee</h3><p>Head of Sales</p><h3>Bob Ray</h3><p>Buyer</p>");
    let contact = page("/contact/", "<p>info@firma.de</p><p>ann.lee@firma.de</p>");
    assert_eq!(people(&[team, contact]), ["Ann Lee | Head of Sales | ann.lee@firma.de", "Bob Ray | Buyer"]);
}

#[test]
fn a_person_is_named_once() {
    let team = page("/team/", "<h3>Dr. Ann Lee</h3><p>Geschäftsführerin und Gründerin</p>");
    let imprint = page("/impressum/", "<p>Geschäftsführer: Ann Lee</p>");
    assert_eq!(people(&[imprint, team]), ["Dr. Ann Lee | Geschäftsführerin und Gründerin"]);
}

#[test]
fn what_a_card_shows_is_the_persons_unless_several_share_it() {
    check(
        "<footer>Tel. 040 66969100</footer><div class=card><h3>Ann Lee</h3><p>Inhaberin</p><p>Tel. 040 66969100</p></div>",
        &["Ann Lee | Inhaberin |  | +49 40 66969100"],
    );
    let card = |name: &str| format!("<div class=card><h3>{name}</h3><p>Inhaberin</p><p>Tel. 040 66969100</p></div>");
    check(&format!("{}{}", card("Ann Lee"), card("Eva Rau")), &["Ann Lee | Inhaberin", "Eva Rau | Inhaberin"]);
    let imprint =
        page("/impressum/", "<p>Firma GmbH<br>Geschäftsführer: Max Müller<br>Tel. 040 66969100<br>info@firma.de</p>");
    assert_eq!(people(&[imprint]), ["Max Müller | Geschäftsführer"]);
}

#[test]
fn who_is_not_the_companys() {
    for html in [
        "<blockquote><p>Great pumps!</p><p>Ann Lee, CEO</p></blockquote>",
        "<div class=testimonial><h4>Ann Lee</h4><p>Head of Sales</p></div>",
        "<p>“Great pumps”, Ann Lee, CEO</p>",
        "<p>— Ann Lee, CEO</p>",
        "<h2>Kundenstimmen</h2><p>Max Müller, Geschäftsführer</p>",
        "<h2>Our partners</h2><h3>Ann Lee</h3><p>Director</p>",
        "<h3>Unsere Leistungen</h3><p>Planung und Beratung</p>",
        "<h3>Customer Service</h3><p>Support team manager</p>",
        "<p>Head Office, Manchester</p>",
        "<p>Müller GmbH, Geschäftsführer</p>",
        "<p>CNC Setter (Manchester), Trade Counter Assistant (Edinburgh)</p>",
        "<li>Servicetechniker (m/w/d), Stade</li>",
        "<h2>Offene Stellen</h2><p>Vertriebsleiter (m/w/d)</p>",
        "<p>Kurze Wege, feste Ansprechpartner: Rufen Sie an.</p>",
        "<p>About Us | Sales | Contact Manager</p>",
        "<p>Berlin, Director</p>",
        "<p>Privacy Policy</p><p>Sales Manager</p>",
        "<p>Telefon: Vertrieb</p>",
        "<p>営業部 担当</p>",
        "<p>公司 总经理</p>",
    ] {
        check(html, &[]);
    }
    assert!(people(&[page("/blog/x", "<p>Ann Lee, CEO</p>")]).is_empty());
    assert!(people(&[page("/datenschutz/", "<p>Datenschutzbeauftragter: Max Müller</p>")]).is_empty());
}

#[test]
fn structured_data_names_people() {
    let text = |name: &str, value: &str| (name.to_owned(), Value::Text(value.to_owned()));
    let person = |properties: Vec<(String, Value)>| {
        Value::Item(Box::new(Item { types: vec!["Person".into()], properties, ..Item::default() }))
    };
    let employee = person(vec![
        text("name", "Ann Lee"),
        text("jobTitle", "CEO"),
        text("email", "ann@firma.de"),
        text("telephone", "+49 40 66969101"),
    ]);
    let author = person(vec![text("name", "Bob Ray"), text("jobTitle", "Customer")]);
    let review = Value::Item(Box::new(Item {
        types: vec!["Review".into()],
        properties: vec![("author".into(), author)],
        ..Item::default()
    }));
    let founder = person(vec![text("givenName", "Eva"), text("familyName", "Groß")]);
    let item = Item {
        types: vec!["Organization".into()],
        properties: vec![("employee".into(), employee), ("review".into(), review), ("founder".into(), founder)],
        ..Item::default()
    };
    let mut page = page("/", "<p>x");
    page.items = vec![item];
    assert_eq!(people(&[page]), ["Ann Lee | CEO | ann@firma.de | +49 40 66969101", "Eva Groß"]);
}

#[test]
fn hcards_name_people() {
    check(
        "<div class=vcard><div class=fn>Ann Lee</div><div class=title>Chief Happiness</div><a href='mailto:ann@firma.de'>Mail</a></div>",
        &["Ann Lee | Chief Happiness | ann@firma.de"],
    );
}

#[test]
fn names_are_told_from_other_words() {
    let check = |text: &str, expected: Option<&str>| assert_eq!(name::read(text).as_deref(), expected, "{text}");
    check("Frau Dr. Erika Mustermann", Some("Dr. Erika Mustermann"));
    check("Prof. Dr. Max Müller", Some("Prof. Dr. Max Müller"));
    check("Dipl.-Ing. Max Müller", Some("Dipl.-Ing. Max Müller"));
    check("Mr. John Smith", Some("John Smith"));
    check("Ludwig van Beethoven", Some("Ludwig van Beethoven"));
    check("J. R. R. Tolkien", Some("J. R. R. Tolkien"));
    check("ANN LEE", Some("ANN LEE"));
    check("Dipl.-Ing. (FH) Jörg Maier", Some("Dipl.-Ing. (FH) Jörg Maier"));
    check("Dr.-Ing. Ute Kern", Some("Dr.-Ing. Ute Kern"));
    check("Dr.med.dent. Ute Kern", Some("Dr.med.dent. Ute Kern"));
    check("mgr inż. Jan Kowalik", Some("mgr inż. Jan Kowalik"));
    check("Arq. Lucía Peña", Some("Arq. Lucía Peña"));
    check("Ing. Karel Dvořák st.", Some("Ing. Karel Dvořák st."));
    check("Grace Holm, FRIBA", Some("Grace Holm"));
    check("Grace Holm, AIA, LEED AP", Some("Grace Holm"));
    check("Sam Ortiz, M.D.", Some("Sam Ortiz"));
    check("Santa Fe, NM", None);
    check("Max Holm (Berlin)", None);
    check("Ann", None);
    check("ann lee", None);
    check("Ann Lee GmbH", None);
    check("Contact Us", None);
    check("Ann Lee 2", None);
    check("欧阳建国", Some("欧阳建国"));
    check("联系我们", None);
    check("홍길동", Some("홍길동"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn no_text_panics(text in "\\PC{0,200}") {
        let _ = lines::read(&text);
        let _ = name::read(&text);
        let _ = super::titles::is_title(&text);
        let _ = super::matching::matches(&text, &text);
        let _ = people(&[page("/team/", &text)]);
    }

    #[test]
    fn every_name_stands_in_the_text(text in "(CEO|Ann|Lee|Müller|: |, |Director|<p>|<br>| |@firma.de|Geschäftsführer){0,20}") {
        for person in people(&[page("/team/", &text)]) {
            let name = person.split(" | ").next().unwrap_or_default();
            prop_assert!(name.split(' ').all(|word| text.contains(word)), "{name} of {text}");
        }
    }
}

#[test]
fn tables_hold_one_person_a_row() {
    let row =
        |cells: &[&str]| format!("<tr>{}</tr>", cells.iter().map(|c| format!("<td>{c}</td>")).collect::<String>());
    check(
        &format!(
            "<h2>Ansprechpartner</h2><table class=ansprechpartner><tr><th>Bereich<th>Name<th>Durchwahl<br>(040) 669 69<th>E-Mail</tr>{}{}{}</table>",
            row(&[
                "Einkauf",
                "Dipl.-Ing. (FH) Jörg Maier<br><em>Leiter Einkauf</em>",
                "<a href='tel:+494066969310'>-310</a>",
                "j.maier(at)firma.de"
            ]),
            row(&["Versand", "Lea Brandt", "", "l.brandt@firma.de"]),
            row(&["Empfang", "N. N.", "", "empfang@firma.de"]),
        ),
        &[
            "Dipl.-Ing. (FH) Jörg Maier | Leiter Einkauf | j.maier@firma.de | +49 40 66969310",
            "Lea Brandt | Versand | l.brandt@firma.de",
        ],
    );
    // Posts that no list knows, and the firms of the board's members.
    check(
        &format!(
            "<h1>Hallitus</h1><table><tr><th>Nimi<th>Tehtävä<th>Yritys</tr>{}{}</table>",
            row(&["Aino Salmi", "Puheenjohtaja", "Salmi Oy"]),
            row(&["Eero Koski", "Varajäsen", "Koski ja Kumpp."]),
        ),
        &["Aino Salmi | Puheenjohtaja", "Eero Koski | Varajäsen"],
    );
    check(
        &format!(
            "<table>{}{}</table>",
            row(&["Lucia Ferri", "responsabile acquisti"]),
            row(&["Marco Bassi", "direttore"])
        ),
        &["Lucia Ferri | responsabile acquisti", "Marco Bassi | direttore"],
    );
    // Dealers are other firms' people; towns and goods are nobody.
    for html in [
        format!(
            "<table><tr><th>Firma<th>Kontakt<th>Telefon</tr>{}</table>",
            row(&["Bauer KG", "Otto Kranz", "0711 123456"])
        ),
        format!(
            "<table><tr><th>Name<th>Service<th>Price</tr>{}{}</table>",
            row(&["Golden Wash", "Wax", "12"]),
            row(&["Silver Wash", "Rinse", "9"])
        ),
        format!("<table>{}{}</table>", row(&["Classic Oak", "19 mm"]), row(&["Silver Birch", "22 mm"])),
    ] {
        check(&html, &[]);
    }
}

#[test]
fn cards_alike_hold_people_whatever_they_do() {
    let card = |name: &str, title: &str| format!("<div class=member><h4>{name}</h4><span>{title}</span></div>");
    // One known position vouches for the pattern.
    check(
        &(card("Rui Prado", "Diretor comercial")
            + &card("Ana Reis", "Financeiro")
            + &card("Leitura Rápida", "Saiba mais aqui.")),
        &["Rui Prado | Diretor comercial", "Ana Reis | Financeiro"],
    );
    // Where people are introduced, the pattern vouches for itself.
    let photo = |name: &str, title: &str| format!("<div><img src=/a.jpg><h4>{name}</h4><p>{title}</p></div>");
    check(
        &(photo("Tom Hart", "Mixing drinks") + &photo("Lea Moss", "Greeting guests")),
        &["Tom Hart | Mixing drinks", "Lea Moss | Greeting guests"],
    );
    check("<h4>Book Online</h4><p>Choose a time</p><h4>Sit Back</h4><p>Relax a little</p>", &[]);
    check(
        &format!("<h2>Our awards</h2>{}{}", photo("Golden Shaker", "Best bar"), photo("Silver Spoon", "Best menu")),
        &[],
    );
    let home = page(
        "/",
        &format!(
            "<main>{}{}</main>",
            card("Rui Prado", "Diretor comercial"),
            card("Entrega Rápida", "Em todo lado") + &card("Preço Justo", "Para todos")
        ),
    );
    assert_eq!(people(&[home]), ["Rui Prado | Diretor comercial"]);
    let list = "<p class=font_7>Dr Luc Morel</p><p class=font_8>Ophtalmologue</p><p class=font_7>Zoé Petit</p><p class=font_9>Orthoptiste</p>";
    let team = page("/equipe-medicale", &format!("<main>{list}</main>"));
    assert_eq!(people(&[team]), ["Dr Luc Morel | Ophtalmologue", "Zoé Petit | Orthoptiste"]);
    let other = page("/produits", &format!("<main>{list}</main>"));
    assert!(people(&[other]).is_empty(), "elsewhere two short lines say nothing");
    check("<h2>Kundenstimmen</h2><h4>Ann Lee</h4><p>Bauleitung</p><h4>Bob Ray</h4><p>Polier</p>", &[]);
}

#[test]
fn a_title_may_stand_before_each_name() {
    check(
        "<dl><dt>Teknisk chef<dd>Karen Friis, direkte 040 66969144<dt>Salgskonsulent<dd>Ole Bach (mandag)</dl>",
        &["Karen Friis | Teknisk chef |  | +49 40 66969144", "Ole Bach | Salgskonsulent"],
    );
    check("<p>Rechnungen an Max Holm, 040 66969144</p><p>Berlin</p>", &[]);
    check("<h3>Grace Holm, FRIBA, LEED AP</h3><p>Founding Principal</p>", &["Grace Holm | Founding Principal"]);
}

#[test]
fn lines_alike_hold_people_whatever_they_do() {
    check(
        "<ul><li>Anna Nowak – kosztorysantka<li>Piotr Lis – kierownik budowy<li>Ewa Wilk – geodetka</ul>",
        &["Anna Nowak | kosztorysantka", "Piotr Lis | kierownik budowy", "Ewa Wilk | geodetka"],
    );
    check(
        "<p>Ana Souza, nutricionista</p><p>Lia Melo, gerente</p>",
        &["Ana Souza | nutricionista", "Lia Melo | gerente"],
    );
    // Offices and values are set as the people are.
    check("<p>San Marino, Italia</p><p>Santa Cruz, California</p><h3>Los Gatos</h3><p>California</p>", &[]);
    let card = |name: &str, title: &str| format!("<div class=m><h3>{name}</h3><p>{title}</p></div>");
    check(
        &format!(
            "<h2>Team</h2>{}{}<h2>Our values</h2>{}",
            card("Tom Hart", "CEO"),
            card("Jill Moss", "Plumber"),
            card("Clear Words", "Open and honest")
        ),
        &["Tom Hart | CEO", "Jill Moss | Plumber"],
    );
}

#[test]
fn a_department_above_several_people_is_the_position_of_each() {
    check(
        "<h3>Obchodní oddělení</h3><p>Ing. Jana Malá<br>+420 585 123 111<br>mala@firma.de</p><p>Pavel Velký<br>+420 585 123 112<br>velky@firma.de</p>",
        &[
            "Ing. Jana Malá | Obchodní oddělení | mala@firma.de | +420 585 123 111",
            "Pavel Velký | Obchodní oddělení | velky@firma.de | +420 585 123 112",
        ],
    );
    check(
        "<table><tr><td>Sales<td>Mary Field<td>mary@firma.de<tr><td>Accounts<td>Luke Moor<td>luke@firma.de</table>",
        &["Mary Field | Sales | mary@firma.de", "Luke Moor | Accounts | luke@firma.de"],
    );
}

#[test]
fn sentences_of_imprints_name_people() {
    check(
        "<p>Le directeur de la publication est M. Jean Dupuis, gérant.</p>",
        &["Jean Dupuis | directeur de la publication"],
    );
    check(
        "<p>Inhaltlich verantwortlich: Klaus Reiter</p><p>Vertretungsberechtigte Geschäftsführer: Klaus Reiter, Sabine Reiter</p>",
        &["Klaus Reiter | Geschäftsführer", "Sabine Reiter | Geschäftsführer"],
    );
    check("<p><b>Dan Moss, Founder</b> started the firm in 1990.</p>", &[]);
    check("<p>Sina Holm</p><p>Head of Data Science</p>", &["Sina Holm | Head of Data Science"]);
}

#[test]
fn an_address_made_from_a_name_vouches_for_it() {
    check(
        "<h3>Max Holm</h3><a href='mailto:m.holm@firma.de'>Schreiben</a><h3>Eva Rau</h3><p>Innen und außen</p><p>rau@firma.de</p>",
        &["Max Holm |  | m.holm@firma.de", "Eva Rau | Innen und außen | rau@firma.de"],
    );
    check("<h3>Max Holm</h3><p>holm@andere.de</p><h3>Eva Rau</h3><p>info@firma.de</p>", &[]);
    check("<h3>Firma London</h3><p>london@firma.de</p>", &[]);
    check("<h4>M.Sc. Informatik</h4><p>Entwicklerin</p>", &[]);
    check("<p>Architect: Jill Stone, Stone Architects</p>", &["Jill Stone | Architect"]);
}

#[test]
fn contact_data_are_joined_to_the_right_person() {
    // The column holds the company's numbers as well.
    check(
        "<div><p>Verkauf: 040 66969101<br>Service: 040 66969102</p><p><b>Eva Rau</b>, Leiterin Verkauf<br>mobil 0151 12345678<br>rau@firma.de</p></div>",
        &["Eva Rau | Leiterin Verkauf | rau@firma.de | +49 1511 2345678"],
    );
    // A table that only sets the page.
    check(
        "<table><tr><td><b>Eva Rau</b><br>Leiterin<br>rau@firma.de<td><b>Max Holm</b><br>Leiter Verkauf<br>holm@firma.de</table>",
        &["Eva Rau | Leiterin | rau@firma.de", "Max Holm | Leiter Verkauf | holm@firma.de"],
    );
    // What follows somebody to turn to is theirs.
    check(
        "<p>联系人：胡国平（总经理）</p><p>手&nbsp; &nbsp; 机：+86 13900012345（微信同号）</p><p>外贸经理：吴莉莉 Lily Wu 手机/WhatsApp：+86 158 6789 0142 邮箱：lily@firma.de</p><p>电 话：+86-574-63050142</p>",
        &["胡国平 | 总经理 |  | +86 139 0001 2345", "吴莉莉 | 外贸经理 | lily@firma.de | +86 158 6789 0142"],
    );
    check(
        "<h3>Πωλήσεις</h3><p>Ελένη Παππά, εσωτ. 51<br>+30 2310 550151<br>e.pappa@firma.de</p><h3>Αποθήκη</h3><p>Κώστας Τζίμας, κιν. +30 6944550144</p>",
        &[
            "Ελένη Παππά | Πωλήσεις | e.pappa@firma.de | +30 231 055 0151",
            "Κώστας Τζίμας | Αποθήκη |  | +30 694 455 0144",
        ],
    );
    check(
        "<h4>Eva Rau</h4><p>Practice Manager</p><p>For WorkCover and NDIS paperwork please contact Eva on 0151 12345678.</p>",
        &["Eva Rau | Practice Manager |  | +49 1511 2345678"],
    );
    check(
        "<p>접수 : recruit@firma.de / 문의 : 배수진 인사팀 매니저 (+82-2-6925-0155)</p>",
        &["배수진 | 인사팀 매니저 |  | +82 2-6925-0155"],
    );
}

#[test]
fn nicknames_and_single_names() {
    check(
        "<h4>Priscilla “Cilla” Ortega</h4><p>Studio Manager</p><h4>Ms. Moss</h4><p>Recruiter</p>",
        &["Priscilla “Cilla” Ortega | Studio Manager", "Moss | Recruiter"],
    );
    check("<h4>“Cilla”</h4><p>Studio Manager</p>", &[]);
}

#[test]
fn extensions_are_of_the_main_number() {
    check(
        "<p>Tel. 040 66969100</p><p>Acquisti: <b>Maria Bragadin</b> (int. 14)</p><p>Eva Rau, Leiterin Verkauf, DW 15</p>",
        &[
            "Maria Bragadin | Acquisti |  | +49 40 66969100 ext. 14",
            "Eva Rau | Leiterin Verkauf |  | +49 40 66969100 ext. 15",
        ],
    );
    check(
        "<h4>June Marrow</h4><p>Founding Partner</p><p>june (at) firma (dot) de<br>040.669.69100 x101</p>",
        &["June Marrow | Founding Partner | june@firma.de | +49 40 66969100 ext. 101"],
    );
    // The last digits of the main number would have to be left out.
    check("<p>Tel. 040 66969100</p><p>Eva Rau, Leiterin Verkauf, Durchwahl -15</p>", &["Eva Rau | Leiterin Verkauf"]);
    check("<p>Eva Rau, Leiterin Verkauf (Ext. 15)</p>", &["Eva Rau | Leiterin Verkauf"]);
}

#[test]
fn towns_of_open_positions_are_nobody() {
    let jobs = "<h1>Jobs</h1><h3>Account Executive</h3><p>San Francisco</p><h3>Store Manager</h3><p>Los Angeles</p>";
    let contact = "<h3>Lea Moss</h3><p>Recruiter</p><p>040 66969130</p><p>Contact person: Eva Rau</p>";
    assert_eq!(
        people(&[page("/careers/", &format!("<main>{jobs}{contact}</main>"))]),
        ["Lea Moss | Recruiter |  | +49 40 66969130", "Eva Rau"]
    );
}

#[test]
fn on_privacy_pages_who_answers_at_the_companys_domain() {
    let check = |html: &str, expected: &[&str]| {
        assert_eq!(people(&[page("/datenschutz/", &format!("<main>{html}</main>"))]), expected, "{html}");
    };
    check(
        "<p>Grievance Officer: Ms. Eva Rau, Company Secretary, cs@firma.de</p>",
        &["Eva Rau | Grievance Officer | cs@firma.de"],
    );
    check("<p>Landesbeauftragte: Eva Rau, poststelle@lda.test</p><p>Leiter: Max Holm</p>", &[]);
    check("<p>Responsable: Firma Alimentos, info@firma.de</p>", &[]);
}

#[test]
fn who_is_quoted_is_a_customer() {
    check("<div class=slide><p>“They saved us many weeks.”</p><p>Tom Hart</p><p>Operations Manager</p></div>", &[]);
    check("<div class=slide><p>They saved us weeks.</p><p>Tom Hart</p><p>Manager at Acme</p></div>", &[]);
    check("<p>Tom Hart</p><p>Manager at Firma</p>", &["Tom Hart | Manager at Firma"]);
    check("<p>Gesellschafterin: Haselbach Verwaltungs-GmbH</p>", &[]);
}
