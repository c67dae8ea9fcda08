//! The HTML parser, with limits.
//!
//! Some habits of html5ever let a small hostile page cost minutes. It looks
//! through its stack of open elements at many tags: browsers stop nesting at
//! 512 levels, and here, tags that would nest deeper are dropped on their way
//! from the tokeniser to the tree builder. As the standard says, it opens `<b>`
//! and its like again in every paragraph after the one in which they were left
//! open: the nodes of a tree are limited. And it compares each attribute with
//! all others of its tag: a tag of very many ends the document. So it does when `<html>` or `<body>` come again and
//! bring more of them: few such tags are heard.

use std::cell::Cell;

use ego_tree::NodeId;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{Tracer, TreeBuilder, TreeBuilderOpts};
use scraper::{Html, HtmlTreeSink};

/// Most elements open at once: real pages stay below a hundred, and a tag may
/// be compared with all of them.
const DEEPEST: usize = 160;
/// The same for those that rarely nest, so that a page too deep keeps its text's shape.
const DEEPEST_PARAGRAPH: usize = 190;
/// Start tags after which the open elements are counted again.
const COUNTED_AFTER: u32 = 16;
/// Most nodes of a tree.
const NODES: usize = 400_000;
/// Most tags of the elements that a document has once: those that come again only add attributes.
const REPEATED: u32 = 64;
/// Length of the pieces given to the tokeniser, in bytes.
const PIECE: usize = 4 * 1024;
/// Most comparisons of attributes with each other, counted twice: a third of a second.
const COMPARISONS: usize = 1_200_000_000;

/// Parses a document. Never fails.
#[must_use]
pub fn parse(html: &str) -> Html {
    let tree = TreeBuilder::new(HtmlTreeSink::new(Html::new_document()), TreeBuilderOpts::default());
    let tokenizer = Tokenizer::new(Limited::new(tree), TokenizerOpts::default());
    let input = BufferQueue::default();
    let (mut rest, mut attributes, mut compared) = (html, 0, 0);
    while !rest.is_empty() {
        let (piece, more) = rest.split_at(rest.ceil_char_boundary(PIECE));
        rest = more;
        let tokens = tokenizer.sink.tokens.get();
        input.push_back(StrTendril::from(piece));
        // The tokeniser pauses at the end of every script, which a browser would run.
        while !input.is_empty() {
            let _ = tokenizer.feed(&input);
        }
        if tokens == tokenizer.sink.tokens.get() {
            // Within one tag (or comment) all the time.
            attributes += piece.bytes().filter(|byte| byte.is_ascii_whitespace() || *byte == b'/').count();
            if compared + attributes * attributes > COMPARISONS {
                break;
            }
        } else {
            compared += attributes * attributes;
            attributes = 0;
        }
    }
    tokenizer.end();
    tokenizer.sink.tree.sink.0.into_inner()
}

/// Passes tokens on to the tree builder while it stays within the limits.
struct Limited {
    tree: TreeBuilder<NodeId, HtmlTreeSink>,
    /// Tokens so far, errors apart.
    tokens: Cell<usize>,
    /// Open elements when they were last counted, and start tags since then.
    open: Cell<usize>,
    since: Cell<u32>,
    /// Start tags that were dropped and whose end tags are still to come.
    dropped: Cell<u32>,
    /// Start tags of the elements that a document has once.
    repeated: Cell<u32>,
}

impl Limited {
    fn new(tree: TreeBuilder<NodeId, HtmlTreeSink>) -> Self {
        let (tokens, open) = (Cell::new(0), Cell::new(0));
        Self { tree, tokens, open, since: Cell::new(0), dropped: Cell::new(0), repeated: Cell::new(0) }
    }

    /// Whether the tag is within the limit of depth.
    fn admits(&self, tag: &Tag) -> bool {
        let is_paragraph = closes_itself(&tag.name);
        let dropped = self.dropped.get();
        if tag.kind == TagKind::EndTag {
            if is_paragraph || dropped == 0 {
                return true;
            }
            self.dropped.set(dropped - 1);
            return false;
        }
        if matches!(&*tag.name, "html" | "body") {
            self.repeated.set(self.repeated.get().saturating_add(1));
            if self.repeated.get() > REPEATED {
                return false;
            }
        }
        self.since.set(self.since.get() + 1);
        if self.open.get() > DEEPEST || self.since.get() > COUNTED_AFTER {
            self.open.set(self.open_elements());
            self.since.set(0);
        }
        let admitted = self.open.get() <= if is_paragraph { DEEPEST_PARAGRAPH } else { DEEPEST };
        if !admitted && !is_paragraph && !tag.self_closing {
            self.dropped.set(dropped.saturating_add(1));
        }
        admitted
    }

    /// How many elements are open or would be opened again. What tags are left
    /// open, only the tree builder knows: `<i></b>` closes nothing.
    fn open_elements(&self) -> usize {
        struct Count(Cell<usize>);
        impl Tracer for Count {
            type Handle = NodeId;
            fn trace_handle(&self, _: &NodeId) {
                self.0.set(self.0.get() + 1);
            }
        }
        let count = Count(Cell::new(0));
        self.tree.trace_handles(&count);
        count.0.get()
    }

    fn is_full(&self) -> bool {
        self.tree.sink.0.borrow().tree.values().len() > NODES
    }
}

/// Elements without content and elements whose end tag may be left out: the
/// next of their kind closes them, so they do not nest without others between.
fn closes_itself(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "body"
            | "br"
            | "col"
            | "colgroup"
            | "dd"
            | "dt"
            | "embed"
            | "frame"
            | "head"
            | "hr"
            | "html"
            | "img"
            | "input"
            | "li"
            | "link"
            | "meta"
            | "optgroup"
            | "option"
            | "p"
            | "param"
            | "rp"
            | "rt"
            | "source"
            | "tbody"
            | "td"
            | "tfoot"
            | "th"
            | "thead"
            | "tr"
            | "track"
            | "wbr"
    )
}

impl TokenSink for Limited {
    type Handle = NodeId;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<NodeId> {
        // Errors are reported in the middle of a tag.
        if matches!(token, Token::ParseError(_)) {
            return TokenSinkResult::Continue;
        }
        self.tokens.set(self.tokens.get() + 1);
        match &token {
            Token::CommentToken(_) => TokenSinkResult::Continue,
            Token::TagToken(tag) if !self.admits(tag) => TokenSinkResult::Continue,
            Token::TagToken(_) | Token::CharacterTokens(_) if self.is_full() => TokenSinkResult::Continue,
            _ => self.tree.process_token(token, line),
        }
    }

    fn end(&self) {
        self.tree.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.tree.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(html: &str) -> usize {
        parse(html).tree.values().len()
    }

    #[test]
    fn what_is_left_open_does_not_pile_up() {
        assert!(count(&"<div>".repeat(20_000)) < 200);
        // These ends close nothing, the next nest within themselves.
        assert!(count(&"<i></b>".repeat(20_000)) < 200);
        assert!(count(&"<span><div></span>".repeat(20_000)) < 200);
        assert!(count(&("<svg>".to_owned() + &"<td>".repeat(20_000))) < 200);
    }

    #[test]
    fn nodes_are_limited_where_elements_are_opened_again() {
        let open: String = (0..100).map(|id| format!("<b id={id}>")).collect();
        assert!(count(&format!("<p>{open}</p>{}", "<p>x</p>".repeat(20_000))) < NODES + 1_000);
    }

    #[test]
    fn a_tag_of_very_many_attributes_ends_the_document() {
        let tag = |count: usize| (0..count).fold("<p>a</p><b ".to_owned(), |tag, n| format!("{tag}a{n} ")) + ">after";
        let text = |html: &str| parse(html).root_element().text().collect::<String>();
        assert_eq!(text(&tag(1_000)), "aafter");
        assert_eq!(text(&tag(60_000)), "a");
    }

    #[test]
    fn elements_that_a_document_has_once_gather_few_attributes() {
        for name in ["html", "body"] {
            let tags: String = (0..50_000).map(|n| format!("<{name} a{n}=1>")).collect();
            let tree = parse(&format!("{tags}<p>text"));
            let most = tree.tree.values().filter_map(|node| Some(node.as_element()?.attrs().count())).max();
            assert!(most <= Some(REPEATED as usize), "{most:?}");
            assert_eq!(tree.root_element().text().collect::<String>(), "text");
        }
    }

    #[test]
    fn pieces_meet_without_a_seam() {
        let html = format!("<p>{}</p>", "ü€\u{1d11e}<br>".repeat(5_000));
        let text = parse(&html).root_element().text().collect::<String>();
        assert_eq!(text, "ü€\u{1d11e}".repeat(5_000));
    }
}
