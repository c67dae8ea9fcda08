//! Walks the parser's tree once and fills the lists of a [`Page`].

mod attributes;

use ego_tree::iter::Edge;
use scraper::{Html, Node};
use url::Url;

use crate::disguises::{self, attributes::Seeker};
use crate::page::{
    Element, HeadLink, Image, Line, Link, Meta, Page, RawPage, Region, Script, collapse, is_invisible, prefix,
};
use crate::parse::parse;
use crate::structured;
use crate::tag;
use attributes::Attributes;

/// See [`crate::page::read`].
pub(crate) fn read(raw: &RawPage<'_>) -> Page {
    let html = prefix(raw.html, DOCUMENT);
    let tree = parse(html);
    let base = base_url(&tree, raw.url);
    let mut reader = Reader::new(raw, &base);
    reader.walk(&tree);
    let mut page = reader.page;
    page.items = structured::read(&tree, &base);
    page
}

/// The address that relative links refer to (HTML, `<base>`).
fn base_url(tree: &Html, url: &Url) -> Url {
    tree.tree
        .values()
        .filter_map(Node::as_element)
        .take_while(|element| element.name() != "body")
        .find(|element| element.name() == "base")
        .and_then(|element| element.attr("href"))
        .and_then(|href| url.join(href.trim()).ok())
        .filter(|base| matches!(base.scheme(), "http" | "https"))
        .unwrap_or_else(|| url.clone())
}

/// Longest script text kept; fingerprints stand near the beginning.
const SCRIPT_TEXT: usize = 20_000;
/// Longest text of a `<noscript>` looked into.
const NOSCRIPT_TEXT: usize = 2_000;
/// Longest text of a link, in bytes; links that stand within links repeat it.
const LINK_TEXT: usize = 10_000;
/// Longest beginning of a document that is read. What a company says of itself
/// stands there; a hostile page of nothing but tags costs a second at most.
const DOCUMENT: usize = 2 * 1024 * 1024;
/// Most elements that are read of one page, and with them lines, links and all
/// else. A page of 2 MiB that people read has about half as many.
const MOST: usize = 60_000;
/// Most lines of text of one page. The facts look at every line, which takes up to 15 microseconds together.
const LINES: usize = 30_000;
/// Most documents of a `<frameset>`.
const FRAMES: usize = 6;

/// An element that is open while the tree is walked.
struct Open {
    element: u32,
    /// Index of its link, if it is one, with the text's start.
    link: Option<(usize, u32, usize)>,
    block: bool,
    hidden: bool,
    reversed: bool,
    /// Text already taken from an attribute: skip what is within.
    skip: bool,
    heading: u8,
}

struct Reader<'a> {
    base: &'a Url,
    page: Page,
    open: Vec<Open>,
    /// The line being gathered.
    line: String,
    /// The site's domain, at which scripts may put addresses together.
    domain: String,
    /// Finds its addresses in attributes.
    seeker: Seeker,
}

impl<'a> Reader<'a> {
    fn new(raw: &RawPage<'_>, base: &'a Url) -> Self {
        let page = Page {
            url: raw.url.clone(),
            headers: raw.headers.to_vec(),
            html: prefix(raw.html, DOCUMENT).to_owned(),
            lang: String::new(),
            title: String::new(),
            metas: Vec::new(),
            heads: Vec::new(),
            elements: Vec::new(),
            lines: Vec::new(),
            links: Vec::new(),
            images: Vec::new(),
            scripts: Vec::new(),
            frames: Vec::new(),
            items: Vec::new(),
        };
        let domain = crate::profile::domain_of(raw.url);
        Self { base, page, open: Vec::new(), line: String::new(), seeker: Seeker::new(&domain), domain }
    }

    /// Depth first without recursion, so that depth costs no stack.
    fn walk(&mut self, tree: &Html) {
        for edge in tree.tree.root().traverse() {
            match edge {
                Edge::Open(node) => match node.value() {
                    Node::Element(_) if self.page.elements.len() >= MOST || self.page.lines.len() >= LINES => break,
                    Node::Element(element) => self.enter(element),
                    Node::Text(text) => self.text(text),
                    _ => {}
                },
                Edge::Close(node) => {
                    if node.value().is_element() {
                        self.leave();
                    }
                }
            }
        }
        while !self.open.is_empty() {
            self.leave();
        }
        self.flush();
    }

    fn enter(&mut self, element: &scraper::node::Element) {
        let name = tag::known(element.name());
        let attrs = Attributes::of(element);
        let parent = self.open.last();
        let (outer_hidden, outer_skip, outer_heading, outer_reversed) =
            parent.map_or((false, false, 0, false), |o| (o.hidden, o.skip, o.heading, o.reversed));
        let block = tag::is_block(name);
        if block || name == "br" {
            self.flush();
        }
        let parent_index = parent_element(&self.open);
        let region = self.region(name, &attrs, parent_index);
        let index = index(self.page.elements.len());
        self.page.elements.push(Element {
            name,
            parent: parent_index,
            id: lower(attrs.id),
            class: lower(attrs.class),
            region,
            lines: self.next_line()..self.next_line(),
            links: index_of(&self.page.links)..index_of(&self.page.links),
        });
        let mut open = Open {
            element: index,
            link: None,
            block,
            hidden: outer_hidden || attrs.hides(),
            reversed: outer_reversed || attrs.reverses(),
            skip: outer_skip
                || matches!(
                    name,
                    "script" | "style" | "noscript" | "noframes" | "template" | "title" | "svg" | "select"
                ),
            heading: tag::heading(name).unwrap_or(outer_heading),
        };
        match name {
            "html" => self.page.lang = attrs.lang.unwrap_or_default().trim().to_owned(),
            "meta" => self.meta(&attrs),
            "link" => self.head_link(&attrs),
            "a" | "area" => open.link = self.link(&attrs, open.element, region),
            "img" => self.image(&attrs, open.element, region),
            "script" | "iframe" => self.script(&attrs),
            "frame" => self.frame(&attrs),
            _ => {}
        }
        if let Some(address) = attrs.cfemail.and_then(cloudflare) {
            self.push_text(&address);
            open.skip = true;
        }
        self.open.push(open);
        if self.is_shown()
            && let Some(address) = self.seeker.address(element.name(), element.attrs())
        {
            self.push_word(&address);
            // What stands within asks the visitor to allow scripts.
            if let Some(open) = self.open.last_mut() {
                open.skip |= element.name().contains('-');
            }
        }
    }

    fn leave(&mut self) {
        let Some(open) = self.open.last() else { return };
        if open.block {
            self.flush();
        }
        let Some(open) = self.open.pop() else { return };
        let (lines, links) = (self.next_line() + u32::from(!self.line.trim().is_empty()), index_of(&self.page.links));
        if let Some(element) = self.page.elements.get_mut(open.element as usize) {
            element.lines.end = lines;
            element.links.end = links;
        }
        if let Some((link, line, start)) = open.link {
            self.close_link(link, line, start);
        }
    }

    /// The text of a link is what was read since it was opened.
    fn close_link(&mut self, link: usize, line: u32, start: usize) {
        let mut text = String::new();
        let mut from = start;
        for done in self.page.lines.get(line as usize..).unwrap_or_default() {
            if text.len() > LINK_TEXT {
                break;
            }
            text.push_str(prefix(done.text.get(from..).unwrap_or_default(), LINK_TEXT));
            text.push(' ');
            from = 0;
        }
        text.push_str(prefix(self.line.get(from..).unwrap_or_default(), LINK_TEXT));
        let text = collapse(prefix(&text, LINK_TEXT));
        if let Some(link) = self.page.links.get_mut(link)
            && !text.is_empty()
        {
            link.text = text;
        }
    }

    fn text(&mut self, text: &str) {
        match self.open.last().and_then(|open| self.page.elements.get(open.element as usize)).map(|e| e.name) {
            Some("title") if self.page.title.is_empty() && !self.in_svg() => self.page.title = collapse(text),
            Some("script") => {
                if let Some(script) = self.page.scripts.last_mut().filter(|s| s.src.is_empty() && s.text.is_empty()) {
                    script.text = prefix(text, SCRIPT_TEXT).to_owned();
                }
                if self.is_shown() {
                    disguises::assembled(text, &self.domain).iter().for_each(|address| self.push_word(address));
                }
            }
            Some("noscript") => self.without_script(text),
            _ => {
                let Some(open) = self.open.last() else { return };
                match (open.skip, open.reversed) {
                    (true, _) => {}
                    (false, true) => self.push_text(&text.chars().rev().collect::<String>()),
                    (false, false) => match disguises::turned_round(text, &self.domain) {
                        Some(turned) => self.push_text(&turned),
                        None => self.push_text(text),
                    },
                }
            }
        }
    }

    /// What is shown where scripts do not run is plain text to the parser. Only
    /// the address that a script writes otherwise is taken from it.
    fn without_script(&mut self, text: &str) {
        let text = prefix(text, NOSCRIPT_TEXT);
        if !self.is_shown() || !text.contains(['@', '(', '[', '#']) {
            return;
        }
        let plain: String = text
            .split('<')
            .enumerate()
            .map(|(at, part)| if at == 0 { part } else { part.split_once('>').map_or("", |(_, text)| text) })
            .collect::<Vec<_>>()
            .join(" ")
            .replace("&#64;", "@")
            .replace("&#46;", ".");
        for address in crate::facts::emails::scan::addresses(&plain).iter().take(3) {
            self.push_word(address);
        }
    }

    /// Whether what scripts write here is seen by a visitor.
    fn is_shown(&self) -> bool {
        self.open.last().is_some_and(|open| !open.hidden)
            && !self.open.iter().any(|open| matches!(self.name_of(open.element), "head" | "template" | "svg"))
    }

    /// Adds a word of its own to the line.
    fn push_word(&mut self, word: &str) {
        if !self.line.is_empty() {
            self.push_text(" ");
        }
        self.push_text(word);
        self.push_text(" ");
    }

    fn name_of(&self, element: u32) -> &'static str {
        self.page.elements.get(element as usize).map_or("", |element| element.name)
    }

    fn in_svg(&self) -> bool {
        self.open.iter().any(|open| self.page.elements.get(open.element as usize).is_some_and(|e| e.name == "svg"))
    }

    /// Adds text to the line, white space collapsed.
    fn push_text(&mut self, text: &str) {
        for c in text.chars() {
            if c.is_whitespace() {
                if !self.line.is_empty() && !self.line.ends_with(' ') {
                    self.line.push(' ');
                }
            } else if !is_invisible(c) {
                self.line.push(c);
            }
        }
    }

    /// Ends the line, if there is any text on it.
    fn flush(&mut self) {
        let text = std::mem::take(&mut self.line);
        let text = text.trim_end();
        if text.is_empty() {
            return;
        }
        let block = self.open.iter().rev().find(|open| open.block).or(self.open.first());
        let element = block.map_or(0, |open| open.element);
        let region = self.page.elements.get(element as usize).map_or(Region::Body, |e| e.region);
        let (hidden, heading) = self.open.last().map_or((false, 0), |open| (open.hidden, open.heading));
        self.page.lines.push(Line { text: text.to_owned(), element, region, heading, hidden });
    }

    fn next_line(&self) -> u32 {
        index_of(&self.page.lines)
    }

    fn region(&self, name: &str, attrs: &Attributes<'_>, parent: u32) -> Region {
        let outer = self.page.elements.get(parent as usize).map_or(Region::Body, |e| e.region);
        tag::region(name, attrs.role, attrs.id, attrs.class, outer)
    }

    fn meta(&mut self, attrs: &Attributes<'_>) {
        let Some(content) = attrs.content else { return };
        // One element may carry several names (Open Graph beside microdata).
        for name in [attrs.name, attrs.property, attrs.http_equiv, attrs.itemprop].into_iter().flatten() {
            self.page.metas.push(Meta { name: name.trim().to_lowercase(), content: collapse(content) });
        }
    }

    fn head_link(&mut self, attrs: &Attributes<'_>) {
        let (Some(rel), Some(href)) = (attrs.rel, attrs.href) else { return };
        if let Ok(href) = self.base.join(href.trim()) {
            let (hreflang, sizes) = (attrs.hreflang.unwrap_or_default(), attrs.sizes.unwrap_or_default());
            let rel = rel.trim().to_lowercase();
            self.page.heads.push(HeadLink { rel, href, hreflang: hreflang.to_owned(), sizes: sizes.to_owned() });
        }
    }

    fn link(&mut self, attrs: &Attributes<'_>, element: u32, region: Region) -> Option<(usize, u32, usize)> {
        let href = attrs.href?.trim();
        let href = match href.split_once("/cdn-cgi/l/email-protection#") {
            Some((_, code)) => format!("mailto:{}", cloudflare(code)?),
            None => disguises::typo3(href)
                .or_else(|| attrs.mailto.and_then(disguises::moved_back))
                .or_else(|| self.scripted(href, attrs))
                .unwrap_or_else(|| href.to_owned()),
        };
        let url = self.base.join(&href).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        let line = self.next_line();
        self.page.links.push(Link {
            url,
            href,
            text: collapse(attrs.label.or(attrs.title).unwrap_or_default()),
            rel: lower(attrs.rel),
            class: attrs.class.unwrap_or_default().to_lowercase(),
            element,
            line,
            region,
        });
        Some((self.page.links.len() - 1, line, self.line.len()))
    }

    /// The address that a script in the link itself puts together.
    fn scripted(&self, href: &str, attrs: &Attributes<'_>) -> Option<String> {
        let script = if href.get(..11).is_some_and(|scheme| scheme.eq_ignore_ascii_case("javascript:")) {
            Some(href)
        } else {
            attrs.onclick.filter(|script| script.contains('@'))
        };
        let address = disguises::assembled(script?, &self.domain).into_iter().next()?;
        Some(format!("mailto:{address}"))
    }

    fn image(&mut self, attrs: &Attributes<'_>, element: u32, region: Region) {
        let alt = collapse(&[attrs.alt, attrs.title].into_iter().flatten().collect::<Vec<_>>().join(" "));
        let link = self.open.iter().rev().find_map(|open| open.link).map(|(link, ..)| link);
        if let Some(link) = link.and_then(|link| self.page.links.get_mut(link))
            && link.text.is_empty()
        {
            link.text.clone_from(&alt);
        }
        let source = attrs.lazy_src.filter(|src| !src.starts_with("data:")).or(attrs.src).unwrap_or_default();
        let Ok(src) = self.base.join(source.trim()) else { return };
        if !matches!(src.scheme(), "http" | "https") || source.is_empty() {
            return;
        }
        let mut hints = String::new();
        for (_, around) in self.page.ancestors(element).take(4) {
            hints.push_str(&around.id);
            hints.push(' ');
            hints.push_str(&around.class);
            hints.push(' ');
        }
        let link = link.and_then(|link| self.page.links.get(link)).and_then(|link| link.url.clone());
        self.page.images.push(Image { src, alt, hints: hints.trim().to_owned(), region, link, element });
    }

    fn frame(&mut self, attrs: &Attributes<'_>) {
        let source = attrs.src.unwrap_or_default().trim();
        let document =
            self.base.join(source).ok().filter(|url| !source.is_empty() && matches!(url.scheme(), "http" | "https"));
        self.page.frames.extend(document.filter(|_| self.page.frames.len() < FRAMES));
    }

    fn script(&mut self, attrs: &Attributes<'_>) {
        let source = attrs.src.or(attrs.lazy_src).unwrap_or_default().trim();
        let src = if source.is_empty() { None } else { self.base.join(source).ok() };
        self.page.scripts.push(Script { src: src.map(String::from).unwrap_or_default(), text: String::new() });
    }
}

/// Decodes Cloudflare's e-mail protection: hexadecimal, the first byte is the
/// key with which the others are combined by exclusive or.
fn cloudflare(code: &str) -> Option<String> {
    let digits: Vec<u8> =
        code.chars().map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok())).collect::<Option<_>>()?;
    let bytes: Vec<u8> = digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect();
    let (key, rest) = bytes.split_first()?;
    let address = String::from_utf8(rest.iter().map(|byte| byte ^ key).collect()).ok()?;
    address.contains('@').then_some(address)
}

fn lower(text: Option<&str>) -> Box<str> {
    text.map(str::to_lowercase).unwrap_or_default().into_boxed_str()
}

fn parent_element(open: &[Open]) -> u32 {
    open.last().map_or(0, |open| open.element)
}

fn index(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn index_of<T>(list: &[T]) -> u32 {
    index(list.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(html: &str) -> Page {
        let url = Url::parse("https://www.example.com/about/").expect("a URL");
        read(&RawPage { url: &url, headers: &[], html })
    }

    #[test]
    fn addresses_where_scripts_do_not_run() {
        let check = |html: &str, expected: &[&str]| assert_eq!(lines(html), expected, "{html}");
        check("<p><script>w('info','a.de')</script><noscript><b>info (at) a.de</b></noscript>", &["info@a.de"]);
        check("<p>Mail <noscript>info&#64;a.de</noscript>", &["Mail info@a.de"]);
        let url = Url::parse("https://www.firm.co.uk/").expect("a URL");
        let html = "<p>Mail: <script>w('info', 'firm.co.uk')</script> only";
        let page = read(&RawPage { url: &url, headers: &[], html });
        assert_eq!(page.lines.first().map(|line| line.text.as_str()), Some("Mail: info@firm.co.uk only"));
        check("<p>a<noscript>Please enable JavaScript (at least once).</noscript>", &["a"]);
        check("<head><noscript>info@a.de</noscript></head><p>b", &["b"]);
    }

    fn lines(html: &str) -> Vec<String> {
        page(html).lines.into_iter().filter(|line| !line.hidden).map(|line| line.text).collect()
    }

    #[test]
    fn lines_end_at_blocks_and_breaks_and_nowhere_else() {
        assert_eq!(
            lines("<p>One <b>two</b>\n three<br>four</p><ul><li>five<li>six</ul>seven<table><tr><td>8<td>9</table>"),
            ["One two three", "four", "five", "six", "seven", "8", "9"]
        );
    }

    #[test]
    fn what_a_visitor_does_not_read_is_left_out() {
        assert_eq!(
            lines("<script>var a</script><style>b{}</style><template>c</template><p hidden>d<p>e&shy;f"),
            ["ef"]
        );
        assert!(page("<div style='color:red; DISPLAY : none'>x</div>").lines[0].hidden);
    }

    #[test]
    fn protected_addresses_are_decoded() {
        // "me@example.com" with key 0x42.
        let code: String = "me@example.com".bytes().map(|b| format!("{:02x}", b ^ 0x42)).collect();
        let html = format!(
            "<a href='/cdn-cgi/l/email-protection#42{code}'>Mail <span data-cfemail='42{code}'>[email&#160;protected]</span></a>"
        );
        let page = page(&html);
        assert_eq!(page.lines[0].text, "Mail me@example.com");
        assert_eq!(page.links[0].href, "mailto:me@example.com");
        assert_eq!(
            lines("<span style='unicode-bidi:bidi-override;direction:rtl'>moc.elpmaxe@em</span>"),
            ["me@example.com"]
        );
    }

    #[test]
    fn links_know_their_text_and_address() {
        let page = page(
            "<base href='/de/'>see <a href='x?a=1'>this <div>page</div></a> <a href='tel:1'><img alt=Call src=c.png></a>",
        );
        assert_eq!(page.links[0].url.as_ref().map(Url::as_str), Some("https://www.example.com/de/x?a=1"));
        assert_eq!(page.links[0].text, "this page");
        assert_eq!(
            (page.links[1].href.as_str(), page.links[1].text.as_str(), &page.links[1].url),
            ("tel:1", "Call", &None)
        );
        assert_eq!(page.images[0].src.as_str(), "https://www.example.com/de/c.png");
    }

    #[test]
    fn elements_span_their_lines() {
        let page = page("<div class='Card'><h3>Ann Lee</h3><p>CEO<br>ann@example.com</div><p>after");
        let card = page.elements.iter().position(|e| &*e.class == "card").expect("the card");
        let texts: Vec<_> = page.lines_in(index(card)).iter().map(|line| (line.text.as_str(), line.heading)).collect();
        assert_eq!(texts, [("Ann Lee", 3), ("CEO", 0), ("ann@example.com", 0)]);
    }

    #[test]
    fn regions_follow_elements_roles_and_classes() {
        let check = |html: &str, expected: Region| assert_eq!(page(html).lines[0].region, expected, "{html}");
        check("<footer><div><p>x", Region::Footer);
        check("<div id=footer>x", Region::Footer);
        check("<div role=navigation>x", Region::Nav);
        check("<header><nav>x", Region::Nav);
        check("<div class='cookie-banner'>x", Region::Overlay);
        check("<main><div class='page-header'>x", Region::Main);
        check("<article><header><h1>x", Region::Main);
    }

    #[test]
    fn a_page_of_very_many_elements_is_read_in_part() {
        let read_in_part = |part: &str| {
            let page = page(&format!("<footer>a{}</footer><p>b", part.repeat(MOST)));
            let footer = page.elements.iter().find(|element| element.name == "footer").expect("it is read");
            assert_eq!(footer.lines.end as usize, page.lines.len(), "it reaches to the end of what was read");
            page
        };
        let linked = read_in_part("<p><a href=/>b</a><i></i>");
        assert_eq!(linked.elements.len(), MOST);
        assert!(linked.links.len() < MOST / 2 && linked.lines.len() < LINES);
        let lines = read_in_part("<p>a").lines.len();
        assert!((LINES..LINES + 2).contains(&lines), "{lines}");
    }

    #[test]
    fn links_within_links_do_not_repeat_a_long_text() {
        let page = page(&format!("<svg>{}{}", "<a href=/>".repeat(100), "a ".repeat(100_000)));
        assert!(page.links.len() > 50 && page.links.iter().all(|link| link.text.len() <= LINK_TEXT));
    }

    #[test]
    fn depth_costs_no_stack() {
        let html = "<div>".repeat(100_000) + "deep";
        assert_eq!(lines(&html), ["deep"]);
    }
}
