//! What stands above an address: labels, headings, names of companies.

use crate::facts::address::pieces::End;
use crate::facts::address::words::{Kind, Role, is_care_of, kind, role};
use crate::places::fold;

use super::{REACH, Text};

impl Text<'_> {
    /// Whether a bracket that was opened before the address is not closed yet:
    /// an aside in a sentence.
    pub(super) fn in_brackets(&self, first: usize) -> bool {
        let line = self.pieces[first].line;
        let mut depth = 0_i32;
        for q in (first.saturating_sub(REACH)..first).rev().filter(|q| self.pieces[*q].line == line) {
            let text = &self.pieces[q].text;
            depth += i32::try_from(text.matches(['(', '（']).count()).unwrap_or(0);
            depth -= i32::try_from(text.matches([')', '）']).count()).unwrap_or(0);
        }
        depth > 0
    }

    /// The label or heading above an address, and what it says of it.
    pub(super) fn label(&self, first: usize) -> (Option<Role>, String) {
        let mut plain = None;
        let own_line = self.pieces[first].line;
        let region = self.page.lines.get(own_line as usize).map(|line| line.region);
        for q in (first.saturating_sub(8)..first).rev() {
            let piece = &self.pieces[q];
            let Some(line) = self.page.lines.get(piece.line as usize) else { break };
            if self.used[q] || Some(line.region) != region {
                break;
            }
            let text = piece.text.as_ref();
            let is_label = piece.end == End::Colon || line.heading > 0 || text.ends_with(['(', '（']);
            let short = text.chars().count() <= 60 && piece.line != own_line;
            if (is_label || short) && !self.is_own_name(text) {
                match role(text) {
                    // "Hébergeur" on a line of its own, but not a company called so.
                    Some(Role::Foreign) if !is_label && text.split(' ').count() > 2 => {}
                    Some(Role::Plain) => plain = Some(Role::Plain),
                    Some(role) if is_label || kind(text) != Kind::Organisation => {
                        return (Some(role), label_text(text));
                    }
                    _ => {}
                }
            }
            if line.heading > 0 {
                let near = own_line - piece.line <= 2 && line.heading > 1 && plain.is_none() && !self.is_own_name(text);
                return (plain, if near { label_text(text) } else { String::new() });
            }
        }
        (plain, String::new())
    }

    /// Whether the name just before the address is a company's, and then
    /// whether it is this site's own.
    pub(super) fn owner(&self, first: usize) -> Option<bool> {
        let mut before =
            (first.saturating_sub(3)..first).rev().take_while(|q| !self.used[*q] && self.connected(*q, q + 1));
        let name = before.find(|q| self.kind(*q) == Kind::Organisation)?;
        let own = fold(&self.pieces[name].text)
            .split(' ')
            .any(|word| word.chars().count() >= 3 && self.hints.domain.contains(word));
        Some(own)
    }

    /// Whether an address is in care of somebody, as said in it or just before.
    pub(super) fn in_care(&self, first: usize, last: usize) -> bool {
        let before = (first.saturating_sub(2)..first).rev().take_while(|q| !self.used[*q] && self.connected(*q, q + 1));
        before.chain(first..=last).any(|q| is_care_of(&self.pieces[q].text))
    }

    /// "Unit 7, Pine Court, Mill Road": a name between a unit and its street.
    pub(super) fn is_building_of_unit(&self, at: usize) -> bool {
        at.checked_sub(1).is_some_and(|before| {
            self.pieces[before].line == self.pieces[at].line
                && self.connected(before, at)
                && self.kind(before) == Kind::Extra
                && self.pieces[before].text.contains(char::is_numeric)
        })
    }

    /// Whether a piece is the title of the address below it (`Head Office`), for
    /// all that its words may stand in an address too.
    pub(super) fn is_title(&self, at: usize) -> bool {
        let piece = &self.pieces[at];
        let is_alone = self.pieces.get(at + 1).is_some_and(|next| next.line != piece.line)
            && at.checked_sub(1).is_none_or(|before| self.pieces[before].line != piece.line);
        is_alone
            && self.kind(at) == Kind::Extra
            && !piece.text.contains(|c: char| c.is_numeric() || c == ',')
            && match role(&piece.text) {
                Some(Role::Head | Role::Postal) => true,
                Some(Role::Branch) => fold(&piece.text).ends_with(" office"),
                _ => false,
            }
    }

    /// Whether a heading is the company's name, as far as its domain tells.
    pub(super) fn is_own_name(&self, text: &str) -> bool {
        let folded = fold(text);
        let mut own =
            folded.split(' ').filter(|word| word.chars().count() >= 4 && self.hints.domain.contains(word)).peekable();
        // "Nordwind, Niederlassung Hamburg" is a label, "Almacenes Albufera" is not
        // for its meaning warehouses.
        own.peek().is_some()
            && (!matches!(role(text), Some(Role::Head | Role::Branch)) || own.any(|word| role(word).is_some()))
    }
}

/// A label without the signs around it; longer text is none.
fn label_text(text: &str) -> String {
    let text = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '(' | '（' | '-' | '–'));
    let digits = text.chars().filter(char::is_ascii_digit).count();
    if text.contains('@') || digits > 4 || text.chars().count() > 60 { String::new() } else { text.to_owned() }
}
