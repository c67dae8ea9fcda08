//! Pages from layouts: `world/layouts/*.html` with the words of a company in place of `{{…}}`.

use std::collections::BTreeMap;

use super::company::{WorldCompany, sentences};
use super::data::{Data, Language, Part, lines, parts};
use super::pick::{below, digits, mixed, one};
use crate::site::SiteFile;

/// A layout: pieces that pages share, and pages.
pub(super) struct Layout {
    pieces: BTreeMap<String, String>,
    pages: Vec<Page>,
}

struct Page {
    path: String,
    /// What stands before the company's name in its title; empty on the home page.
    heading: String,
    body: String,
}

impl Layout {
    /// `=== /path heading` opens a page, `=== @name` a piece that pages take by `{{@name}}`.
    pub fn parse(text: &str) -> Self {
        let (mut pieces, mut pages) = (BTreeMap::new(), Vec::new());
        for part in text.split("=== ").skip(1) {
            let (head, body) = part.split_once('\n').unwrap_or((part, ""));
            let (name, heading) = head.split_once(' ').unwrap_or((head, ""));
            match name.strip_prefix('@') {
                Some(piece) => _ = pieces.insert(piece.to_owned(), body.to_owned()),
                None => pages.push(Page { path: name.to_owned(), heading: heading.to_owned(), body: body.to_owned() }),
            }
        }
        Self { pieces, pages }
    }

    /// The pages of one company.
    pub fn files(&self, values: &BTreeMap<String, String>) -> Vec<SiteFile> {
        self.pages.iter().map(|page| self.file(page, values)).collect()
    }

    fn file(&self, page: &Page, values: &BTreeMap<String, String>) -> SiteFile {
        let mut body = page.body.clone();
        for (name, piece) in &self.pieces {
            body = body.replace(&format!("{{{{@{name}}}}}"), piece);
        }
        let title = match page.heading.is_empty() {
            true => values.get("title").cloned().unwrap_or_default(),
            false => fill(&format!("{} | {{{{name}}}}", page.heading), values),
        };
        let body = fill(&body.replace("{{page}}", &title), values);
        let body = body.replace("<p></p>", "").replace("<p> </p>", "").replace("<p class=\"font_8\"></p>", "");
        SiteFile::made(fill(&page.path, values), body)
    }
}

fn fill(text: &str, values: &BTreeMap<String, String>) -> String {
    let mut filled = String::with_capacity(text.len() * 2);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        filled.push_str(before);
        let (name, behind) = after.split_once("}}").unwrap_or((after, ""));
        let value = values.get(name).unwrap_or_else(|| panic!("a layout asks for {name}, which there is not"));
        filled.push_str(value);
        rest = behind;
    }
    filled + rest
}

/// What layouts may ask for.
pub(super) fn values(data: &Data, company: &WorldCompany) -> BTreeMap<String, String> {
    let language = &data.languages[&company.language];
    let mut values = BTreeMap::new();
    identity(data, company, language, &mut values);
    texts(data, company, language, &mut values);
    words(language, &mut values);
    let is_poor = company.layout == "poor";
    for (name, value) in &mut values {
        let is_markup = matches!(name.as_str(), "items" | "cards" | "rows" | "priced" | "address_lines");
        if is_poor && matches!(name.as_str(), "opening" | "detail1" | "products") {
            *value = misspelt(value);
        }
        if !is_markup && !name.starts_with("json_") {
            *value = escape(value);
        }
    }
    values
}

type Values = BTreeMap<String, String>;

fn put(values: &mut Values, name: &str, value: impl Into<String>) {
    values.insert(name.to_owned(), value.into());
}

fn identity(data: &Data, company: &WorldCompany, language: &Language, values: &mut Values) {
    let country = &data.countries[&company.country];
    let short = data.cities.get(&company.city_key).map_or("", |city| &city.short);
    let filled = country
        .address
        .replace("{street}", &company.street)
        .replace("{city}", &company.city)
        .replace("{zip}", &company.zip)
        .replace("{short}", short)
        .replace("{region}", &company.region);
    let address = parts(&filled, '|');
    // What is left of the address without the street, which may stand within a line.
    let rest = |line: &String| line.replace(&company.street, "").trim_matches([',', ' ']).to_owned();
    let place: Vec<String> = address.iter().map(rest).filter(|line| !line.is_empty()).collect();
    let phone = phone(company);
    for (name, value) in [
        ("host", &company.host),
        ("name", &company.name),
        ("legal", &company.legal_name),
        ("street", &company.street),
        ("city", &company.city),
        ("zip", &company.zip),
        ("region", &company.region),
        ("lang", &company.language),
        ("email", &company.email),
        ("country_code", &company.country),
        ("json_name", &company.name),
        ("json_legal", &company.legal_name),
        ("json_street", &company.street),
        ("phone", &phone),
    ] {
        put(values, name, value.as_str());
    }
    put(values, "place", place.join(", "));
    put(values, "address", address.join(", "));
    put(values, "address_lines", address.iter().map(|line| escape(line)).collect::<Vec<_>>().join("<br>"));
    put(values, "country", data.country_name(&company.country, &company.language));
    put(values, "country_english", data.country_name(&company.country, "en"));
    put(values, "tel", company.phone.chars().filter(|c| *c == '+' || c.is_ascii_digit()).collect::<String>());
    put(
        values,
        "fax",
        format!("{}{}", phone.trim_end_matches(|c: char| c.is_ascii_digit()), digits(company.seed, 300, "##")),
    );
    put(values, "email_at", company.email.replace('@', " (at) "));
    let names = &data.names[&company.language];
    let stems = parts(&names.stems, ' ');
    let last = one(company.seed, 30, &stems).split('=').next().unwrap_or_default();
    let first = one(company.seed, 31, &parts(&names.first, ' ')).to_owned();
    let is_whole = matches!(company.language.as_str(), "zh" | "ja");
    put(values, "person", if is_whole { first } else { format!("{first} {last}") });
    let branch = company.branches.first().and_then(|key| data.cities.get(key));
    let branch = branch.map(|city| {
        let country = data.country_name(&city.country, &company.language);
        format!("{}: {} ({country}), {}", language.branch, city.name, digits(company.seed, 400, &city.phone))
    });
    put(values, "branch", branch.unwrap_or_default());
}

fn texts(data: &Data, company: &WorldCompany, language: &Language, values: &mut Values) {
    let activity = company.activities.first().map(String::as_str).unwrap_or_default();
    let trade = &data.trades[&(company.part, company.language.clone(), activity.to_owned())];
    let first = company.number;
    let title = sentences(&trade.titles, company, first);
    put(values, "title", title.first().cloned().unwrap_or_default());
    put(values, "opening", sentences(&trade.openings, company, first).first().cloned().unwrap_or_default());
    let details = sentences(&trade.details, company, first + below(company.seed, 32, 2));
    for (number, name) in ["detail1", "detail2", "detail3"].iter().enumerate() {
        put(values, name, details.get(number).cloned().unwrap_or_default());
    }
    let general = sentences(&language.general, company, below(company.seed, 33, 7));
    put(values, "general1", general.first().cloned().unwrap_or_default());
    put(values, "general2", general.get(1).cloned().unwrap_or_default());
    let news = sentences(&language.news_items, company, below(company.seed, 34, 4));
    put(values, "news1", news.first().cloned().unwrap_or_default());
    put(values, "news2", news.get(1).cloned().unwrap_or_default());
    put(values, "slogan", one(company.seed, 35, &lines(&language.slogan)));
    put(values, "facts", facts(company, language));
    let english = data.trade(company.part, "en", activity).or_else(|| data.trade(Part::First, "en", activity));
    let english = english.map(|trade| sentences(&trade.openings, company, first + 1));
    put(values, "english", english.and_then(|all| all.first().cloned()).unwrap_or_default());
    let products = parts(&trade.products, ';');
    put(values, "products", products.join(", "));
    let each = |make: &dyn Fn(usize, &str) -> String| -> String {
        products.iter().enumerate().map(|(number, product)| make(number, &escape(product))).collect()
    };
    put(values, "items", each(&|_, product| format!("<li>{product}</li>")));
    put(values, "cards", each(&|_, product| format!("<div class=\"card\"><h3>{product}</h3></div>")));
    put(values, "rows", each(&|number, product| format!("<TR><TD>{}</TD><TD>{product}</TD></TR>", number + 1)));
    let price = |number: usize| 9 + below(company.seed, 500 + number as u64, 190);
    let priced = |number: usize, product: &str| {
        format!("<div class=\"product-card\"><h3>{product}</h3><span class=\"price\">{}.90</span></div>", price(number))
    };
    put(values, "priced", each(&priced));
    put(values, "other", other_trades(data, company));
}

/// Words of other trades, for pages that want to be found for everything.
fn other_trades(data: &Data, company: &WorldCompany) -> String {
    let is_known = |part: &Part, language: &str| *part <= company.part && language == company.language;
    let of_language: Vec<_> = data.trades.iter().filter(|((part, language, _), _)| is_known(part, language)).collect();
    let chosen = (0..4).filter_map(|turn| of_language.get(below(company.seed, 600 + turn, of_language.len())));
    chosen.map(|(_, trade)| parts(&trade.products, ';').join(", ")).collect::<Vec<_>>().join(", ")
}

fn facts(company: &WorldCompany, language: &Language) -> String {
    let mut facts = Vec::new();
    if let Some(year) = company.founded {
        facts.push(one(company.seed, 36, &lines(&language.founded)).replace("{year}", &year.to_string()));
    }
    if let Some(people) = company.employees {
        facts.push(one(company.seed, 37, &lines(&language.employees)).replace("{n}", &people.to_string()));
    }
    for certificate in &company.certificates {
        facts.push(one(company.seed, 38, &lines(&language.certificate)).replace("{certificate}", certificate));
    }
    facts.join(" ")
}

fn words(language: &Language, values: &mut Values) {
    for (name, word) in [
        ("w_home", &language.home),
        ("w_about", &language.about),
        ("w_products", &language.products),
        ("w_contact", &language.contact),
        ("w_legal", &language.legal),
        ("w_news", &language.news),
        ("w_privacy", &language.privacy),
        ("w_phone", &language.phone),
        ("w_fax", &language.fax),
        ("w_email", &language.email),
        ("hours", &language.hours),
        ("manager", &language.manager),
        ("privacy_text", &language.privacy_text),
    ] {
        put(values, name, word.as_str());
    }
    let names = ["p_about", "p_products", "p_contact", "p_legal", "p_news", "p_privacy"];
    for (name, path) in names.iter().zip(language.paths.split_whitespace()) {
        put(values, name, path);
    }
}

/// How the company writes its number: in the way of its country, or for callers from abroad.
fn phone(company: &WorldCompany) -> String {
    let international = company.phone.clone();
    if mixed(company.seed ^ 5).is_multiple_of(3) {
        return international;
    }
    let (code, rest) = international.split_once(' ').unwrap_or(("", &international));
    match code {
        "+1" => rest.split_once('-').map_or_else(|| rest.to_owned(), |(area, rest)| format!("({area}) {rest}")),
        "+44" | "+353" | "+49" | "+43" | "+41" | "+33" | "+32" | "+31" | "+61" => format!("0{rest}"),
        "+7" => format!("8 ({}) {}", rest.get(..3).unwrap_or_default(), rest.get(4..).unwrap_or_default()),
        "+39" | "+34" | "+48" | "+351" => rest.to_owned(),
        _ => international,
    }
}

/// As by one who types fast: two letters within every fourth long word change places.
fn misspelt(text: &str) -> String {
    let mut long = 0;
    let word = |word: &str| {
        let letters: Vec<char> = word.chars().collect();
        if letters.len() < 6 || !letters.iter().all(|c| c.is_alphabetic()) {
            return word.to_owned();
        }
        long += 1;
        if long % 4 != 2 {
            return word.to_owned();
        }
        let mut letters = letters;
        letters.swap(2, 3);
        letters.into_iter().collect()
    };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// What a visitor reads of a page: its text without markup, styles, scripts and what is hidden.
pub(super) fn visible(html: &str) -> String {
    let mut plain = String::with_capacity(html.len() / 2);
    let mut rest = html;
    while let Some((text, markup)) = rest.split_once('<') {
        plain.push_str(text);
        plain.push(' ');
        let closing = ["head>", "HEAD>", "script", "div style=\"display:none\">"]
            .iter()
            .position(|opening| markup.starts_with(opening))
            .and_then(|number| ["</head>", "</HEAD>", "</script>", "</div>"].get(number));
        rest = markup.split_once(closing.copied().unwrap_or(">")).map_or("", |(_, behind)| behind);
    }
    plain.push_str(rest);
    let plain = plain.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn visitors_see_text_alone() {
        let html = "<!DOCTYPE html><head><title>no</title></head><body><header>Tube &amp; Co</header><script>no</script>\
                    <div style=\"display:none\">no</div><p>Pipes</p></body>";
        assert_eq!(visible(html), "Tube & Co Pipes");
    }

    #[test]
    fn layouts_are_filled() {
        let layout =
            Layout::parse("=== @top\n<b>{{name}}</b>\n=== /\n{{@top}}{{page}}\n=== /{{way}} {{word}}\n{{page}}\n");
        let values: BTreeMap<String, String> =
            [("name", "N"), ("title", "T"), ("way", "w"), ("word", "W")].map(|(k, v)| (k.into(), v.into())).into();
        let files = layout.files(&values);
        let shown: Vec<_> = files.iter().map(|file| (file.path.as_str(), file.text().trim().to_owned())).collect();
        assert_eq!(shown, [("/", "<b>N</b>\nT".to_owned()), ("/w", "W | N".to_owned())]);
    }
}
