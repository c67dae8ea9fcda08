use proptest::prelude::*;

use super::*;

fn items(html: &str) -> Vec<Item> {
    let base = Url::parse("https://www.example.com/de/").expect("a URL");
    read(&crate::parse::parse(html), &base)
}

/// Writes an item as `Type(name=text, name=Type(…))`.
fn show(item: &Item) -> String {
    let properties = item.properties.iter().map(|(name, value)| match value {
        Value::Text(text) => format!("{name}={text}"),
        Value::Item(inner) => format!("{name}={}", show(inner)),
    });
    format!("{}({})", item.types.join("+"), properties.collect::<Vec<_>>().join(", "))
}

fn check(html: &str, expected: &[&str]) {
    assert_eq!(items(html).iter().map(show).collect::<Vec<_>>(), expected, "{html}");
}

fn script(json: &str) -> String {
    format!("<script type='application/ld+json'>{json}</script>")
}

#[test]
fn json_ld_is_read_in_every_outer_shape() {
    let company = r#"{"@type":"Organization","name":"Nordwind"}"#;
    for json in [
        company.to_owned(),
        format!("[{company}]"),
        format!(r#"{{"@context":"https://schema.org","@graph":[{company}]}}"#),
        format!("<!-- {company} -->"),
        format!("//<![CDATA[\n{company}\n//]]>"),
        format!("/* <![CDATA[ */ {company} /* ]]> */"),
        r#"{"@type":["http://schema.org/Organization"],"https://schema.org/name":"Nordwind",}"#.to_owned(),
        r#"{"@type":"schema:Organization","schema:name":{"@value":"Nordwind","@language":"de"}}"#.to_owned(),
        company.replace('"', "&quot;"),
        format!("{company};"),
    ] {
        check(&script(&json), &["Organization(name=Nordwind)"]);
    }
    check(
        &format!("<script type='Application/LD+JSON; charset=utf-8'>{company}</script>"),
        &["Organization(name=Nordwind)"],
    );
    check(&format!("<script>{company}</script>"), &[]);
    check(&script("{broken"), &[]);
    check(&script(&format!("{company}\n{company}")), &["Organization(name=Nordwind)"; 2]);
}

#[test]
fn references_are_followed_within_the_page_and_never_in_a_circle() {
    let html = script(r##"{"@graph":[{"@type":"WebSite","publisher":{"@id":"#org"}}]}"##)
        + &script(
            r##"{"@id":"#org","@type":"Corporation","name":"A","founder":{"@type":"Person","worksFor":{"@id":"#org"}}}"##,
        );
    check(
        &html,
        &["WebSite(publisher=Corporation(founder=Person(), name=A))", "Corporation(founder=Person(), name=A)"],
    );
    check(&script(r##"{"@type":"Thing","a":{"@id":"#nowhere"}}"##), &["Thing(a=())"]);
}

#[test]
fn strings_lose_references_and_tags() {
    check(
        &script(
            r#"{"@type":"Store","name":"M&uuml;ller &amp;amp; S&ouml;hne","description":"<p>One</p><p>Two</p>","n":5,"b":true,"x":null}"#,
        ),
        &["Store(b=true, description=One Two, n=5, name=Müller & Söhne)"],
    );
}

#[test]
fn microdata_takes_each_element_s_value() {
    check(
        "<div itemscope itemtype='https://schema.org/LocalBusiness'><h1 itemprop=name>Nord<b>wind</b></h1>\
         <meta itemprop=telephone content='+49 40 1'><a itemprop=url href=/x>here</a><img itemprop=logo src=l.png>\
         <time itemprop=foundingDate datetime=1988>long ago</time><data itemprop=n value=7>seven</data>\
         <div itemprop=address itemscope itemtype=http://schema.org/PostalAddress>\
         <span itemprop='streetAddress'>Kai 1<br>Haus 2</span></div></div>",
        &["LocalBusiness(name=Nordwind, telephone=+49 40 1, url=https://www.example.com/x, \
           logo=https://www.example.com/de/l.png, foundingDate=1988, n=7, address=PostalAddress(streetAddress=Kai 1 Haus 2))"],
    );
    check("<p itemprop=name>stray</p>", &[]);
    check(
        "<div itemscope itemtype=x/Person itemref='a b'></div><p id=a><span itemprop=name>Ann</span></p><p id=b itemprop=email>a@b.c",
        &["Person(name=Ann, email=a@b.c)"],
    );
    check("<div itemscope itemtype=A><div itemscope itemtype=B><i itemprop=n>1</i></div></div>", &["B(n=1)", "A()"]);
    check("<div itemscope itemtype=A><a itemprop=name href=/>Name</a></div>", &["A(name=Name)"]);
}

#[test]
fn rdfa_lite_is_read() {
    check(
        "<meta property='og:title' content=No><div vocab='https://schema.org/' typeof=Organization resource='#o'>\
         <span property=name>Nordwind</span><div property=address typeof=PostalAddress>\
         <span property=schema:addressLocality>Kiel</span></div><a property=sameAs href='https://x.com/n'>X</a></div>",
        &["Organization(name=Nordwind, address=PostalAddress(addressLocality=Kiel), sameAs=https://x.com/n)"],
    );
}

#[test]
fn helpers_find_what_is_asked() {
    let html = script(
        r#"{"@type":["Thing","Dentist"],"name":["",  "A","B"],"address":{"@type":"PostalAddress","addressCountry":{"name":"DE"}}}"#,
    );
    let items = items(&html);
    let item = &items[0];
    assert_eq!((item.text("NAME"), item.texts("name").count(), item.text("none")), (Some("A"), 2, None));
    assert!(item.is_organization() && item.is_a(&["dentist"]) && !item.is_a(&["Person"]));
    assert_eq!(item.nested().map(|(depth, _)| depth).collect::<Vec<_>>(), [0, 1, 2]);
    assert_eq!(item.items("address").flat_map(|a| a.items("addressCountry")).find_map(|c| c.text("name")), Some("DE"));
}

#[test]
fn hostile_pages_cost_little() {
    let many = (0..40).map(|n| format!(r##"{{"@id":"#{n}","x":[{}]}}"##, refs())).collect::<Vec<_>>().join(",");
    fn refs() -> String {
        (0..40).map(|n| format!(r##"{{"@id":"#{n}"}}"##)).collect::<Vec<_>>().join(",")
    }
    let started = crate::effort::Effort::start();
    assert!(items(&script(&format!("[{many}]"))).iter().flat_map(Item::nested).count() <= MOST);
    assert!(items(&"<div itemscope itemprop=a itemref=r id=r>".repeat(4_000)).len() <= MOST);
    assert!(items(&"<b itemscope itemprop=a><i itemprop=c>text".repeat(4_000)).len() <= MOST);
    items(&script(&"[".repeat(200_000)));
    items(&script(&"<!--".repeat(100_000)));
    assert!(started.spent().as_secs() < 20, "{:?}", started.spent());
}

proptest! {
    #[test]
    fn no_script_panics(json in r#"[\[\]{}":,@a-z&;<>/ ]*"#) {
        items(&script(&json));
    }

    #[test]
    fn no_markup_panics(html in "(<(div|a|p)( (itemscope|itemprop=a|itemref=x|id=x|typeof=T|property=p|href=é))*>|é |</div>)*") {
        items(&html);
    }
}
