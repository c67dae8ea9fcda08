//! The attributes of an element that matter, by name.

/// The attributes that matter, gathered in one pass.
#[derive(Default)]
pub(super) struct Attributes<'a> {
    pub(super) id: Option<&'a str>,
    pub(super) class: Option<&'a str>,
    pub(super) role: Option<&'a str>,
    pub(super) lang: Option<&'a str>,
    pub(super) name: Option<&'a str>,
    pub(super) property: Option<&'a str>,
    pub(super) http_equiv: Option<&'a str>,
    pub(super) itemprop: Option<&'a str>,
    pub(super) content: Option<&'a str>,
    pub(super) rel: Option<&'a str>,
    pub(super) href: Option<&'a str>,
    pub(super) hreflang: Option<&'a str>,
    pub(super) sizes: Option<&'a str>,
    pub(super) src: Option<&'a str>,
    pub(super) lazy_src: Option<&'a str>,
    pub(super) alt: Option<&'a str>,
    pub(super) title: Option<&'a str>,
    pub(super) label: Option<&'a str>,
    pub(super) style: Option<&'a str>,
    pub(super) cfemail: Option<&'a str>,
    pub(super) mailto: Option<&'a str>,
    pub(super) onclick: Option<&'a str>,
    pub(super) hidden: bool,
}

impl<'a> Attributes<'a> {
    pub(super) fn of(element: &'a scraper::node::Element) -> Self {
        let mut all = Self::default();
        for (name, value) in element.attrs() {
            let slot = match name {
                "id" => &mut all.id,
                "class" => &mut all.class,
                "role" => &mut all.role,
                "lang" | "xml:lang" => &mut all.lang,
                "name" => &mut all.name,
                "property" => &mut all.property,
                "http-equiv" => &mut all.http_equiv,
                "itemprop" => &mut all.itemprop,
                "content" => &mut all.content,
                "rel" => &mut all.rel,
                "href" => &mut all.href,
                "hreflang" => &mut all.hreflang,
                "sizes" => &mut all.sizes,
                "src" => &mut all.src,
                "data-src" | "data-lazy-src" | "data-original" => &mut all.lazy_src,
                "alt" => &mut all.alt,
                "title" => &mut all.title,
                "aria-label" => &mut all.label,
                "style" => &mut all.style,
                "data-cfemail" => &mut all.cfemail,
                "data-mailto-token" => &mut all.mailto,
                "onclick" => &mut all.onclick,
                "hidden" => {
                    all.hidden = true;
                    continue;
                }
                _ => continue,
            };
            *slot = Some(value);
        }
        all
    }

    pub(super) fn hides(&self) -> bool {
        self.hidden || self.style.is_some_and(|style| has_rule(style, "display", "none"))
    }

    /// Text typed backwards and turned round by style, a way to hide addresses.
    pub(super) fn reverses(&self) -> bool {
        self.style.is_some_and(|style| has_rule(style, "unicode-bidi", "bidi-override"))
    }
}

fn has_rule(style: &str, property: &str, value: &str) -> bool {
    style
        .split(';')
        .filter_map(|rule| rule.split_once(':'))
        .any(|(p, v)| p.trim().eq_ignore_ascii_case(property) && v.trim().to_ascii_lowercase().starts_with(value))
}
