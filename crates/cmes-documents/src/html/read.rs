//! Walks the parser's tree once, without recursion, and makes blocks of it.

use cmes_types::{Block, Document};
use ego_tree::NodeRef;
use ego_tree::iter::Edge;
use scraper::Node;
use scraper::node::Element;

use super::element::{is_block, is_unseen};
use super::table;
use crate::blocks::Blocks;
use crate::words::push_tidy;
use cmes_extract::tag;

/// What an open element makes of the text in it.
enum Role {
    /// What the one around it makes of it.
    None,
    /// Nothing; neither do those within.
    Unseen,
    Heading(u8),
    List,
    /// With whether its first line has been taken.
    Item(bool),
    Term,
    Definition,
    Preformatted,
}

struct Open {
    role: Role,
    is_block: bool,
}

struct Reader<'a> {
    blocks: Blocks,
    open: Vec<Open>,
    line: String,
    /// The line feed before is one already: two end a paragraph.
    broken: bool,
    term: String,
    lists: u8,
    unseen: usize,
    preformatted: usize,
    /// Level of the heading above.
    level: u8,
    leaves_out: &'a dyn Fn(NodeRef<'_, Node>) -> bool,
}

/// Reads what is below a node, but for elements that the caller leaves out.
pub(super) fn read(root: NodeRef<'_, Node>, leaves_out: &dyn Fn(NodeRef<'_, Node>) -> bool) -> Document {
    let mut reader = Reader {
        blocks: Blocks { title: title(root), ..Blocks::default() },
        open: Vec::new(),
        line: String::new(),
        broken: false,
        term: String::new(),
        lists: 0,
        unseen: 0,
        preformatted: 0,
        level: 0,
        leaves_out,
    };
    for edge in root.traverse() {
        match edge {
            Edge::Open(node) => match node.value() {
                Node::Element(element) => reader.enter(node, element),
                Node::Text(text) => reader.text(text),
                _ => {}
            },
            Edge::Close(node) => {
                if node.value().is_element() {
                    reader.leave();
                }
            }
        }
    }
    reader.flush();
    reader.blocks.document()
}

/// The text of the first `<title>` that names a document and not a drawing.
pub(super) fn title(root: NodeRef<'_, Node>) -> Option<String> {
    let is_title = |node: &NodeRef<'_, Node>| {
        node.value().as_element().is_some_and(|element| element.name() == "title")
            && !node.ancestors().filter_map(|above| above.value().as_element()).any(|above| above.name() == "svg")
    };
    let node = root.descendants().find(is_title)?;
    let text: String = node.children().filter_map(|child| child.value().as_text()).map(|text| &**text).collect();
    Some(text)
}

impl Reader<'_> {
    fn enter(&mut self, node: NodeRef<'_, Node>, element: &Element) {
        let name = element.name();
        let is_block = is_block(name);
        if self.unseen == 0 && is_block {
            self.flush();
        }
        let role = if self.unseen > 0 || is_unseen(element) || (self.leaves_out)(node) {
            Role::Unseen
        } else {
            self.role(node, name)
        };
        match role {
            Role::Unseen => self.unseen += 1,
            Role::List => self.lists = self.lists.saturating_add(1),
            Role::Preformatted => self.preformatted += 1,
            _ => {}
        }
        self.open.push(Open { role, is_block });
    }

    fn role(&mut self, node: NodeRef<'_, Node>, name: &str) -> Role {
        match name {
            "br" => {
                self.line_break();
                Role::None
            }
            "ul" | "ol" | "menu" | "dir" => Role::List,
            "li" => Role::Item(false),
            "dt" => {
                self.term.clear();
                Role::Term
            }
            "dd" => Role::Definition,
            "pre" | "listing" | "xmp" => Role::Preformatted,
            "summary" => Role::Heading(self.level.saturating_add(1).min(6)),
            "table" if table::is_data(node) => {
                let table = table::read(node);
                self.blocks.paragraph(&table.caption);
                self.blocks.table(table.headers, table.rows);
                Role::Unseen
            }
            _ => tag::heading(name).map_or(Role::None, Role::Heading),
        }
    }

    fn leave(&mut self) {
        let Some(open) = self.open.last() else { return };
        if open.is_block && self.unseen == 0 {
            self.flush();
        }
        let Some(open) = self.open.pop() else { return };
        match open.role {
            Role::Unseen => self.unseen = self.unseen.saturating_sub(1),
            Role::List => self.lists = self.lists.saturating_sub(1),
            Role::Preformatted => self.preformatted = self.preformatted.saturating_sub(1),
            Role::Term if self.unseen == 0 => {}
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.unseen > 0 {
            return;
        }
        if self.preformatted > 0 {
            self.line.push_str(text);
            return;
        }
        let before = self.line.len();
        push_tidy(&mut self.line, text);
        if self.line.len() > before && !self.line.ends_with(' ') {
            self.broken = false;
        }
    }

    fn line_break(&mut self) {
        if self.preformatted > 0 {
            self.line.push('\n');
        } else if self.broken {
            self.flush();
        } else {
            push_tidy(&mut self.line, " ");
            self.broken = true;
        }
    }

    /// Ends the line that is being gathered.
    fn flush(&mut self) {
        self.broken = false;
        let line = std::mem::take(&mut self.line);
        if line.trim().is_empty() {
            return;
        }
        let depth = self.lists.saturating_sub(1);
        let inner = self.open.iter_mut().rev().map(|open| &mut open.role);
        for role in inner {
            match role {
                Role::None | Role::List | Role::Unseen => {}
                Role::Heading(level) => {
                    self.level = *level;
                    self.blocks.heading(*level, &line);
                    return;
                }
                Role::Item(taken) => {
                    if !std::mem::replace(taken, true) {
                        self.blocks.item(depth, &line);
                    } else if let Some(Block::Item { text, .. }) = self.blocks.blocks.last_mut() {
                        text.push(' ');
                        push_tidy(text, &line);
                        text.truncate(text.trim_end().len());
                    } else {
                        self.blocks.paragraph(&line);
                    }
                    return;
                }
                Role::Term => {
                    push_tidy(&mut self.term, " ");
                    push_tidy(&mut self.term, &line);
                    return;
                }
                Role::Definition => {
                    let term = self.term.trim();
                    let colon = if term.is_empty() || term.ends_with([':', '?', '.', '!']) { " " } else { ": " };
                    self.blocks.item(self.lists, &format!("{term}{colon}{line}"));
                    self.term.clear();
                    return;
                }
                Role::Preformatted => {
                    self.blocks.preformatted(&line);
                    return;
                }
            }
        }
        self.blocks.paragraph(&line);
    }
}
