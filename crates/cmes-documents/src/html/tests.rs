use cmes_types::Block::{self, Heading, Item, Paragraph, Preformatted, Table};
use cmes_types::Document;
use proptest::prelude::*;

use super::{from_html, from_page, to_html};

fn owned(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

fn paragraph(text: &str) -> Block {
    Paragraph(text.to_owned())
}

fn item(depth: u8, text: &str) -> Block {
    Item { depth, text: text.to_owned() }
}

fn check(html: &str, blocks: &[Block]) {
    assert_eq!(from_html(html).blocks, blocks, "{html}");
}

#[test]
fn text_is_read_as_it_is_shown() {
    check("Just <b>bold</b>&nbsp;text &amp; more", &[paragraph("Just bold text & more")]);
    check("<p>one<br>line<br><br>next", &[paragraph("one line"), paragraph("next")]);
    check(
        "a<div hidden>no</div><p style='display: none'>no</p><span aria-hidden=true>no</span>b",
        &[paragraph("a"), paragraph("b")],
    );
    check("<nav>menu</nav><script>x()</script><style>p{}</style><p>Text", &[paragraph("Text")]);
    check(
        "<h2>Pumps</h2><pre>\na  b\n c\n</pre>",
        &[Heading { level: 2, text: "Pumps".to_owned() }, Preformatted("a  b\n c".to_owned())],
    );
}

#[test]
fn lists_keep_their_depth() {
    check("<ul><li>a<ul><li>b</ul><li><p>c<p>d</ul>e", &[item(0, "a"), item(1, "b"), item(0, "c d"), paragraph("e")]);
    check("<dl><dt>Power<dd>3 kW<dt>Is it safe?<dd>Yes.</dl>", &[item(0, "Power: 3 kW"), item(0, "Is it safe? Yes.")]);
    check(
        "<details><summary>How long?</summary><p>Two days.</details>",
        &[Heading { level: 1, text: "How long?".to_owned() }, paragraph("Two days.")],
    );
}

#[test]
fn tables_of_data_keep_their_cells() {
    let html = "<table><caption>Prices</caption><thead><tr><th rowspan=2>Model<th colspan=2>Price<tr><th>net<th>gross</thead>\
                <tr><td rowspan=2>P7<td>10<td>12<tr><td>11<td>13<br>EUR</table>";
    check(
        html,
        &[
            paragraph("Prices"),
            Table {
                header: owned(&["Model", "Price net", "Price gross"]),
                rows: vec![owned(&["P7", "10", "12"]), owned(&["P7", "11", "13 EUR"])],
            },
        ],
    );
    check(
        "<table><tr><td>layout<table><tr><td>a<td>b<tr><td>c<td>d</table></table>",
        &[paragraph("layout"), Table { header: Vec::new(), rows: vec![owned(&["a", "b"]), owned(&["c", "d"])] }],
    );
    check(
        "<table><tr><td><h2>Title</h2>text<td>side</table>",
        &[Heading { level: 2, text: "Title".to_owned() }, paragraph("text"), paragraph("side")],
    );
}

#[test]
fn pages_lose_what_stands_on_all_of_them() {
    let menu =
        "<ul><li><a href=/>Home</a><li><a href=/p>Products</a><li><a href=/a>About</a><li><a href=/c>Contact</a></ul>";
    let page = format!(
        "<title>Warranty - Nordwind</title><header><p>Nordwind GmbH</header>{menu}<div class='cookie-banner'>We use cookies</div>\
         <div class=content><h1>Warranty</h1><p>It lasts 24 months.</div><div id=sidebar>News</div><footer>© 2026</footer>"
    );
    let document = from_page(&page);
    assert_eq!(document.title.as_deref(), Some("Warranty - Nordwind"));
    assert_eq!(document.blocks, [Heading { level: 1, text: "Warranty".to_owned() }, paragraph("It lasts 24 months.")]);
    let main = "<p>Our pumps move water from here to there and back again.</p>".repeat(5);
    let document = from_page(&format!("<body><p>before{menu}<main>{main}</main><p>after"));
    assert_eq!(document.blocks.len(), 5);
    // A page of nothing else is better than none.
    assert!(!from_page(&format!("<footer>{menu}</footer>")).is_empty());
}

fn text() -> impl Strategy<Value = String> {
    "[a-zA-Zäß<>&\"'.]{1,8}( [a-zA-Z0-9<&;]{1,8}){0,4}"
}

fn block() -> impl Strategy<Value = Block> {
    let cells = || prop::collection::vec(text(), 3);
    prop_oneof![
        (1..=6_u8, text()).prop_map(|(level, text)| Heading { level, text }),
        text().prop_map(Paragraph),
        (0..6_u8, text()).prop_map(|(depth, text)| Item { depth, text }),
        (cells(), prop::collection::vec(cells(), 1..4)).prop_map(|(header, rows)| Table { header, rows }),
        prop::collection::vec(cells(), 2..4).prop_map(|rows| Table { header: Vec::new(), rows }),
        "[a-z<&]( {0,3}[a-z<&]){0,5}(\n{1,3} {0,3}[a-z]{1,4}){0,3}".prop_map(Preformatted),
    ]
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(title in prop::option::of(text()), blocks in prop::collection::vec(block(), 0..12)) {
        let document = Document { title, blocks };
        let html = to_html(&document);
        prop_assert_eq!(from_html(&html), document, "{}", html);
    }

    #[test]
    fn nothing_panics_and_reading_twice_changes_nothing(html in "\\PC*|(<[a-z]{1,5}[ >/a-z=]{0,6}>?[a-z ]{0,4}){0,40}") {
        let once = from_html(&html);
        prop_assert_eq!(from_html(&to_html(&once)), once);
        let _ = from_page(&html);
    }
}
