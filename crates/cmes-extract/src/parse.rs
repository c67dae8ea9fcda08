//! The HTML parser, with a limit on depth.
//!
//! html5ever looks through its stack of open elements at many tags, so a page
//! of a hundred thousand nested `<div>`s costs it minutes. Browsers stop
//! nesting at 512 levels; here, tokens that would nest deeper are dropped on
//! their way from the tokeniser to the tree builder.

use std::cell::Cell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts, TreeSink};
use scraper::{Html, HtmlTreeSink};

/// Deepest nesting of elements that have to be closed. Real pages stay below
/// a hundred.
const DEEPEST: u32 = 300;

/// Parses a document. Never fails.
pub(crate) fn parse(html: &str) -> Html {
    let tree = TreeBuilder::new(HtmlTreeSink::new(Html::new_document()), TreeBuilderOpts::default());
    let tokenizer = Tokenizer::new(Shallow { tree, depth: Cell::new(0) }, TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(html));
    // The tokeniser pauses at the end of every script, which a browser would run.
    while !input.is_empty() {
        let _ = tokenizer.feed(&input);
    }
    tokenizer.end();
    tokenizer.sink.tree.sink.finish()
}

/// Passes tokens on to the tree builder while they nest no deeper than allowed.
struct Shallow<S: TreeSink> {
    tree: TreeBuilder<S::Handle, S>,
    depth: Cell<u32>,
}

impl<S: TreeSink> Shallow<S> {
    /// Whether the tag is within the limit; counts it.
    fn admits(&self, tag: &Tag) -> bool {
        if tag.self_closing || closes_itself(&tag.name) {
            return true;
        }
        let depth = self.depth.get();
        match tag.kind {
            TagKind::StartTag => {
                self.depth.set(depth.saturating_add(1));
                depth < DEEPEST
            }
            TagKind::EndTag => {
                self.depth.set(depth.saturating_sub(1));
                depth <= DEEPEST
            }
        }
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

impl<S: TreeSink> TokenSink for Shallow<S> {
    type Handle = S::Handle;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<S::Handle> {
        match &token {
            Token::TagToken(tag) if !self.admits(tag) => TokenSinkResult::Continue,
            Token::CommentToken(_) | Token::ParseError(_) => TokenSinkResult::Continue,
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
