//! The tokeniser of multilingual-e5-small: characters are replaced by a table, spaces become `▁`, and the most probable
//! division into pieces is taken (a unigram model, as SentencePiece makes it).

use std::collections::HashMap;

use super::e5_file::Pieces;

/// Stands for a space, and before every text.
const SPACE: char = '\u{2581}';
/// A character without a piece is less probable than the rarest piece by this much.
const UNKNOWN_PENALTY: f32 = 10.0;

/// Turns text into ids of tokens.
#[derive(Debug)]
pub struct Tokenizer {
    pieces: Trie,
    scores: Vec<f32>,
    replacements: HashMap<char, String>,
    unknown: u32,
    unknown_score: f32,
    begin: u32,
    end: u32,
}

impl Tokenizer {
    /// A tokeniser of these tables.
    #[must_use]
    pub fn new(pieces: Pieces) -> Self {
        let mut trie = Trie::default();
        // A text that spells a control token must not become one.
        let controls = [pieces.begin, pieces.end, pieces.padding, pieces.unknown];
        for (id, range) in (0_u32..).zip(&pieces.texts) {
            if !controls.contains(&id) {
                trie.insert(&pieces.blob[range.clone()], id);
            }
        }
        let lowest = pieces.scores.iter().copied().fold(f32::INFINITY, f32::min);
        Self {
            pieces: trie,
            scores: pieces.scores,
            replacements: pieces.replacements.into_iter().collect(),
            unknown: pieces.unknown,
            unknown_score: lowest - UNKNOWN_PENALTY,
            begin: pieces.begin,
            end: pieces.end,
        }
    }

    /// The token before every text.
    #[must_use]
    pub fn begin(&self) -> u32 {
        self.begin
    }

    /// The token after every text.
    #[must_use]
    pub fn end(&self) -> u32 {
        self.end
    }

    /// The tokens of `text`, without those before and after it.
    #[must_use]
    pub fn tokens(&self, text: &str) -> Vec<u32> {
        self.most_probable(&self.normalized(text))
    }

    fn normalized(&self, text: &str) -> Vec<char> {
        let mut characters = vec![SPACE];
        let mut after_space = true;
        let mut push = |character| {
            let space = character == ' ';
            if !(space && after_space) {
                characters.push(if space { SPACE } else { character });
            }
            after_space = space;
        };
        for character in text.chars() {
            match self.replacements.get(&character) {
                Some(replacement) => replacement.chars().for_each(&mut push),
                None => push(character),
            }
        }
        characters
    }

    /// Viterbi: the best way to each place is the best way to an earlier one and a piece from there.
    fn most_probable(&self, characters: &[char]) -> Vec<u32> {
        let mut best = vec![Step { score: f32::NEG_INFINITY, from: 0, token: self.unknown }; characters.len() + 1];
        best[0].score = 0.0;
        for start in 0..characters.len() {
            let reached = best[start].score;
            let mut offer = |end: usize, score: f32, token: u32| {
                if let Some(step) = best.get_mut(end).filter(|step| reached + score > step.score) {
                    *step = Step { score: reached + score, from: start, token };
                }
            };
            for (length, token) in self.pieces.prefixes(&characters[start..]) {
                offer(start + length, self.scores[token as usize], token);
            }
            offer(start + 1, self.unknown_score, self.unknown);
        }
        let mut tokens = Vec::new();
        let mut end = characters.len();
        while end > 0 {
            tokens.push(best[end].token);
            end = best[end].from;
        }
        tokens.reverse();
        tokens
    }
}

/// The best way to a place in the text.
#[derive(Clone, Copy)]
struct Step {
    score: f32,
    from: usize,
    token: u32,
}

/// Pieces by their characters, so that a search ends at the first character that continues none.
#[derive(Debug)]
struct Trie {
    edges: HashMap<(u32, char), u32>,
    /// The piece that ends at a node.
    tokens: Vec<Option<u32>>,
}

impl Default for Trie {
    fn default() -> Self {
        Self { edges: HashMap::new(), tokens: vec![None] }
    }
}

impl Trie {
    fn insert(&mut self, piece: &str, token: u32) {
        let mut node = 0;
        for character in piece.chars() {
            let next = self.tokens.len() as u32;
            node = *self.edges.entry((node, character)).or_insert(next);
            if node == next {
                self.tokens.push(None);
            }
        }
        self.tokens[node as usize] = Some(token);
    }

    /// The pieces with which `characters` begin, as count of characters and token.
    fn prefixes<'a>(&'a self, characters: &'a [char]) -> impl Iterator<Item = (usize, u32)> + 'a {
        let mut node = 0;
        (1..)
            .zip(characters)
            .map_while(move |(length, character)| {
                node = *self.edges.get(&(node, *character))?;
                Some((length, self.tokens[node as usize]))
            })
            .filter_map(|(length, token)| Some((length, token?)))
    }
}

#[cfg(test)]
mod tests {
    use super::Tokenizer;
    use crate::embedded::e5_file::Pieces;

    const PIECES: [(&str, f32); 9] = [
        ("<s>", 0.0),
        ("<pad>", 0.0),
        ("</s>", 0.0),
        ("<unk>", 0.0),
        ("\u{2581}", -3.0),
        ("\u{2581}pump", -6.0),
        ("s", -2.0),
        ("\u{2581}pumps", -9.0),
        ("A", -4.0),
    ];

    fn check(text: &str, expected: &[&str]) {
        let mut blob = String::new();
        let mut texts = Vec::new();
        for (piece, _) in PIECES {
            texts.push(blob.len()..blob.len() + piece.len());
            blob.push_str(piece);
        }
        let scores = PIECES.iter().map(|(_, score)| *score).collect();
        let replacements = vec![('\t', " ".to_owned()), ('\u{FF21}', "A".to_owned())];
        let tokenizer =
            Tokenizer::new(Pieces { begin: 0, end: 2, padding: 1, unknown: 3, texts, blob, scores, replacements });
        let tokens = tokenizer.tokens(text);
        let tokens: Vec<_> = tokens.iter().map(|token| PIECES[*token as usize].0).collect();
        assert_eq!(tokens, expected, "{text:?}");
    }

    #[test]
    fn the_most_probable_pieces_win() {
        check("pumps", &["\u{2581}pump", "s"]);
        check("pump A", &["\u{2581}pump", "\u{2581}", "A"]);
    }

    #[test]
    fn characters_are_replaced_and_spaces_collapse() {
        check(" pump \t  \u{FF21}", &["\u{2581}pump", "\u{2581}", "A"]);
        check("", &["\u{2581}"]);
    }

    #[test]
    fn what_has_no_piece_is_unknown_and_a_spelled_control_token_is_none() {
        check("pump\u{1F600}s", &["\u{2581}pump", "<unk>", "s"]);
        check("<s>", &["\u{2581}", "<unk>", "s", "<unk>"]);
    }
}
