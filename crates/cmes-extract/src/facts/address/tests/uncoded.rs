//! Addresses in which no postal code stands.

use super::*;

fn first_on(html: &str, country: &str) -> Option<String> {
    let pages = [page("https://www.example.com/contact", html)];
    site(&pages, country).first().map(|found| written(&found.value))
}

#[test]
fn a_label_or_the_footer_shows_an_address_without_a_code() {
    for (country, html, expected) in [
        (
            "IL",
            "<table><tr><td>כתובת:</td><td>רח' הרצל 9, קומה 2<br>חיפה</td></tr></table>",
            "|חיפה||רח' הרצל 9, קומה 2",
        ),
        (
            "CO",
            "<p><b>Dirección:</b> Calle 72 # 10-34, Oficina 402, Bogotá</p>",
            "|Bogotá||Calle 72 # 10-34, Oficina 402",
        ),
        ("CL", "<p>Dirección: Av. Providencia 1234, Santiago</p>", "|Santiago||Av. Providencia 1234"),
        ("RU", "<p>Адрес: ул. Ленина, д. 5, Екатеринбург</p>", "|Екатеринбург||ул. Ленина, д. 5"),
        ("EG", "<p>العنوان: ١٥ شارع طلعت حرب، القاهرة</p>", "|القاهرة||١٥ شارع طلعت حرب"),
        (
            "KE",
            "<footer>Suite 4, 12 Moi Avenue, Nairobi | Tel. +254 20 123456</footer>",
            "|Nairobi||Suite 4, 12 Moi Avenue",
        ),
        ("GR", "<footer>Ερμού 25, Αθήνα</footer>", ""),
        ("GR", "<footer>Λεωφ. Κηφισίας 25, Αθήνα</footer>", "|Αθήνα||Λεωφ. Κηφισίας 25"),
    ] {
        assert_eq!(first_on(html, country).unwrap_or_default(), expected, "{html}");
    }
}

#[test]
fn lines_that_only_look_so_are_none() {
    for html in [
        "<footer><p>12 Main Street</p><p>Contact</p><p>Privacy</p></footer>",
        "<footer><p>12 Main Street<br>Opening Hours</p></footer>",
        "<p>Meet us at 12 Main Street, Exhibitors</p>",
        "<footer>Route 66, Diner Classics, Book Now!</footer><p>24 Hour Road Service, Fast Delivery</p>",
        "<p>Address: 12 Main Street</p><h2>Our Team</h2>",
    ] {
        for country in ["US", "KE"] {
            let found = first_on(html, country);
            assert!(found.as_deref().is_none_or(|found| found.starts_with("|Diner")), "{html} {found:?}");
        }
    }
}

#[test]
fn a_code_tells_more_than_none() {
    let pages = [page(
        "https://www.example.com/contact",
        "<p>Adresse: Ringstr. 4, Köln</p><footer>Ringstr. 4 · 50667 Köln</footer>",
    )];
    let found: Vec<_> = site(&pages, "DE").iter().map(|found| written(&found.value)).collect();
    assert_eq!(found, ["50667|Köln||Ringstr. 4"]);
}

#[test]
fn the_box_for_letters_goes_with_the_street_of_the_same_city() {
    let html = "<table><tr><td>כתובת:</td><td>רח' הרצל 9<br>חיפה</td></tr>\
                <tr><td>למכתבים:</td><td>ת.ד. 1234, חיפה, מיקוד 3100000</td></tr></table>";
    assert_eq!(first_on(html, "IL").as_deref(), Some("3100000|חיפה||רח' הרצל 9|ת.ד. 1234"));
    // A street with its own code keeps it.
    let html = "<p>Nordlicht GmbH<br>Ringstr. 4<br>50667 Köln</p><p>Postanschrift: Postfach 12, 50601 Köln</p>";
    assert_eq!(first_on(html, "DE").as_deref(), Some("50667|Köln||Ringstr. 4"));
}

#[test]
fn boxes_are_no_squares() {
    for (text, expected) in [
        ("P.O. Box 12", true),
        ("PO Box No. 12", true),
        ("Apartado de Correos 55", true),
        ("Postfach 10 12 13", true),
        ("ص.ب. ٩٩١٤٢", true),
        ("ת.ד. 9914", true),
        ("а/я 25", true),
        ("PL 120", true),
        ("pl. Wolności 5", false),
        ("Boxhagener Straße 4", false),
        ("Casilla", false),
    ] {
        assert_eq!(words::is_box(text), expected, "{text}");
    }
}
