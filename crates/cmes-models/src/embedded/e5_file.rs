//! The file in which multilingual-e5-small comes (`e5-small-q4.bin`, magic `E5S1`): sizes, the tokeniser's tables and
//! the tensors, little-endian, without padding before the tensors.

use std::ops::Range;

/// What is wrong with a file that should hold the model.
#[derive(Debug, thiserror::Error)]
pub enum E5FileError {
    /// It begins with something else.
    #[error("this is not an E5S1 file of version 1")]
    Magic,
    /// It ends too early, or a count in it leads past its end.
    #[error("the file ends within {0}")]
    Truncated(&'static str),
    /// A table or tensor contradicts the sizes in the head.
    #[error("{0} does not fit the rest of the file")]
    Inconsistent(&'static str),
}

/// How the numbers of a tensor are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Storage {
    /// 32-bit floats.
    F32,
    /// Blocks of 32 weights of 4 bits with one 16-bit scale, as ggml's `Q4_0`.
    Q4_0,
}

/// A tensor's name and place.
#[derive(Clone, Debug)]
pub struct Tensor {
    /// As in the file, such as `l0.q.w`.
    pub name: String,
    /// How its numbers are stored.
    pub storage: Storage,
    /// Count of numbers.
    pub elements: usize,
    /// Where in the file.
    pub bytes: Range<usize>,
}

/// Sizes of the network.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// Width of a token's vector.
    pub hidden: usize,
    /// Count of layers.
    pub layers: usize,
    /// Heads of attention in a layer.
    pub heads: usize,
    /// Width inside of the feed-forward part.
    pub feed_forward: usize,
    /// Rows of the table of word vectors.
    pub vocabulary: usize,
    /// Longest input in tokens.
    pub positions: usize,
    /// Rows of the table of token types.
    pub token_types: usize,
    /// Added to the variance in a layer norm.
    pub epsilon: f32,
}

/// Tables of the unigram tokeniser.
#[derive(Debug)]
pub struct Pieces {
    /// Token before every text.
    pub begin: u32,
    /// Token after every text.
    pub end: u32,
    /// Token that fills up batches of other engines.
    pub padding: u32,
    /// Token of a character that no piece covers.
    pub unknown: u32,
    /// Piece by id.
    pub texts: Vec<Range<usize>>,
    /// All pieces in one string.
    pub blob: String,
    /// Log probability by id.
    pub scores: Vec<f32>,
    /// What replaces a character, ordered by character.
    pub replacements: Vec<(char, String)>,
}

/// The file's content; tensors by their place.
#[derive(Debug)]
pub struct E5File {
    /// Sizes of the network.
    pub shape: Shape,
    /// Tables of the tokeniser.
    pub pieces: Pieces,
    /// All tensors.
    pub tensors: Vec<Tensor>,
}

const MAGIC: &[u8] = b"E5S1";
const VERSION: u32 = 1;
const BLOCK: usize = 32;

impl E5File {
    /// Reads the head, the tables and the directory of `bytes`.
    ///
    /// # Errors
    /// When the file is not of this format, is cut short or contradicts itself.
    pub fn parse(bytes: &[u8]) -> Result<Self, E5FileError> {
        let mut reader = Reader { bytes, at: 0 };
        if reader.take(MAGIC.len(), "the magic")? != MAGIC || reader.u32("the version")? != VERSION {
            return Err(E5FileError::Magic);
        }
        let shape = read_shape(&mut reader)?;
        let pieces = read_pieces(&mut reader)?;
        let tensors = read_directory(&mut reader)?;
        Ok(Self { shape, pieces, tensors })
    }
}

fn read_shape(reader: &mut Reader<'_>) -> Result<Shape, E5FileError> {
    const PART: &str = "the sizes";
    let shape = Shape {
        hidden: reader.count(PART)?,
        layers: reader.count(PART)?,
        heads: reader.count(PART)?,
        feed_forward: reader.count(PART)?,
        vocabulary: reader.count(PART)?,
        positions: reader.count(PART)?,
        token_types: reader.count(PART)?,
        epsilon: reader.f32(PART)?,
    };
    if reader.count(PART)? != BLOCK {
        return Err(E5FileError::Inconsistent("the group size"));
    }
    Ok(shape)
}

fn read_pieces(reader: &mut Reader<'_>) -> Result<Pieces, E5FileError> {
    const PART: &str = "the pieces";
    let count = reader.count(PART)?;
    let (begin, end, padding, unknown) = (reader.u32(PART)?, reader.u32(PART)?, reader.u32(PART)?, reader.u32(PART)?);
    let blob_length = reader.size(PART)?;
    let offsets = reader.numbers(count + 1, PART, u32::from_le_bytes)?;
    let scores = reader.numbers(count, PART, f32::from_le_bytes)?;
    let blob = str::from_utf8(reader.take(blob_length, PART)?).map_err(|_| E5FileError::Inconsistent(PART))?.to_owned();
    let texts: Vec<_> = offsets.windows(2).map(|pair| pair[0] as usize..pair[1] as usize).collect();
    if texts.iter().any(|range| blob.get(range.clone()).is_none())
        || [begin, end, unknown].iter().any(|id| *id as usize >= count)
    {
        return Err(E5FileError::Inconsistent(PART));
    }
    let replacements = read_replacements(reader)?;
    Ok(Pieces { begin, end, padding, unknown, texts, blob, scores, replacements })
}

fn read_replacements(reader: &mut Reader<'_>) -> Result<Vec<(char, String)>, E5FileError> {
    const PART: &str = "the table of characters";
    let character = |code| char::from_u32(code).ok_or(E5FileError::Inconsistent(PART));
    let count = reader.count(PART)?;
    let _bytes = reader.u32(PART)?;
    let mut replacements = Vec::new();
    for _ in 0..count {
        let from = character(reader.u32(PART)?)?;
        let length = reader.u8(PART)?;
        let to = (0..length).map(|_| character(reader.u32(PART)?)).collect::<Result<_, _>>()?;
        replacements.push((from, to));
    }
    if !replacements.is_sorted_by(|one, next| one.0 < next.0) {
        return Err(E5FileError::Inconsistent(PART));
    }
    Ok(replacements)
}

fn read_directory(reader: &mut Reader<'_>) -> Result<Vec<Tensor>, E5FileError> {
    const PART: &str = "the directory of tensors";
    let count = reader.count(PART)?;
    let mut tensors = Vec::new();
    for _ in 0..count {
        let length = reader.u16(PART)?;
        let name = String::from_utf8_lossy(reader.take(length.into(), PART)?).into_owned();
        let storage = match reader.u8(PART)? {
            0 => Storage::F32,
            1 => Storage::Q4_0,
            _ => return Err(E5FileError::Inconsistent(PART)),
        };
        let elements = reader.u32(PART)? as usize;
        let start = reader.size(PART)?;
        let length = reader.size(PART)?;
        let end =
            start.checked_add(length).filter(|end| *end <= reader.bytes.len()).ok_or(E5FileError::Truncated(PART))?;
        let expected = match storage {
            Storage::F32 => elements * 4,
            Storage::Q4_0 => elements / BLOCK * Q4_0_BYTES,
        };
        if length != expected {
            return Err(E5FileError::Inconsistent(PART));
        }
        tensors.push(Tensor { name, storage, elements, bytes: start..end });
    }
    Ok(tensors)
}

const Q4_0_BYTES: usize = 18;

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize, part: &'static str) -> Result<&'a [u8], E5FileError> {
        let end = self.at.checked_add(length).ok_or(E5FileError::Truncated(part))?;
        let taken = self.bytes.get(self.at..end).ok_or(E5FileError::Truncated(part))?;
        self.at = end;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self, part: &'static str) -> Result<[u8; N], E5FileError> {
        self.take(N, part)?.first_chunk().copied().ok_or(E5FileError::Truncated(part))
    }

    fn u8(&mut self, part: &'static str) -> Result<u8, E5FileError> {
        self.array(part).map(u8::from_le_bytes)
    }

    fn u16(&mut self, part: &'static str) -> Result<u16, E5FileError> {
        self.array(part).map(u16::from_le_bytes)
    }

    fn u32(&mut self, part: &'static str) -> Result<u32, E5FileError> {
        self.array(part).map(u32::from_le_bytes)
    }

    fn f32(&mut self, part: &'static str) -> Result<f32, E5FileError> {
        self.array(part).map(f32::from_le_bytes)
    }

    /// A signed 32-bit number that must not be negative.
    fn count(&mut self, part: &'static str) -> Result<usize, E5FileError> {
        usize::try_from(self.array(part).map(i32::from_le_bytes)?).map_err(|_| E5FileError::Inconsistent(part))
    }

    fn size(&mut self, part: &'static str) -> Result<usize, E5FileError> {
        usize::try_from(self.array(part).map(u64::from_le_bytes)?).map_err(|_| E5FileError::Inconsistent(part))
    }

    fn numbers<T>(
        &mut self,
        count: usize,
        part: &'static str,
        number: fn([u8; 4]) -> T,
    ) -> Result<Vec<T>, E5FileError> {
        let bytes = self.take(count.checked_mul(4).ok_or(E5FileError::Truncated(part))?, part)?;
        Ok(bytes.as_chunks().0.iter().copied().map(number).collect())
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::{E5File, E5FileError, Storage};

    fn put(bytes: &mut Vec<u8>, numbers: &[u32]) {
        bytes.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
    }

    /// A file with a vocabulary of five pieces and two tensors.
    pub fn small_file() -> Vec<u8> {
        let mut bytes = b"E5S1".to_vec();
        put(&mut bytes, &[1, 32, 0, 1, 64, 5, 16, 2, 1e-12_f32.to_bits(), 32]);
        let pieces = ["<s>", "<pad>", "</s>", "<unk>", "\u{2581}pump"];
        put(&mut bytes, &[5, 0, 2, 1, 3]);
        let blob = pieces.concat();
        bytes.extend((blob.len() as u64).to_le_bytes());
        let ends = pieces.iter().scan(0, |end, piece| {
            *end += piece.len() as u32;
            Some(*end)
        });
        put(&mut bytes, &[&[0], ends.collect::<Vec<_>>().as_slice()].concat());
        put(&mut bytes, &[0, 0, 0, 0, (-2.5_f32).to_bits()]);
        bytes.extend(blob.as_bytes());
        // One replacement: the wide A by the usual one.
        put(&mut bytes, &[1, 9, 0xFF21]);
        bytes.push(1);
        put(&mut bytes, &[0x41]);
        put(&mut bytes, &[2]);
        for (name, storage, elements, start, length) in [("emb.word", 1, 160, 512, 90), ("emb.ln.w", 0, 32, 640, 128)] {
            bytes.extend((name.len() as u16).to_le_bytes());
            bytes.extend(name.as_bytes());
            bytes.push(storage);
            put(&mut bytes, &[elements, start, 0, length, 0]);
        }
        bytes.resize(768, 7);
        bytes
    }

    #[test]
    fn a_file_is_read() {
        let file = E5File::parse(&small_file()).expect("a file");
        assert_eq!((file.shape.hidden, file.shape.vocabulary, file.shape.positions), (32, 5, 16));
        assert_eq!((file.pieces.begin, file.pieces.end, file.pieces.unknown), (0, 2, 3));
        assert_eq!(file.pieces.blob[file.pieces.texts[4].clone()], *"\u{2581}pump");
        assert_eq!(file.pieces.replacements, [('\u{FF21}', "A".to_owned())]);
        assert_eq!(file.tensors[0].storage, Storage::Q4_0);
        assert_eq!(file.tensors[1].bytes, 640..768);
    }

    #[test]
    fn a_file_that_ends_anywhere_is_refused() {
        let whole = small_file();
        for length in 0..whole.len() {
            assert!(E5File::parse(&whole[..length]).is_err(), "{length} bytes");
        }
    }

    #[test]
    fn numbers_that_lead_nowhere_are_refused() {
        let refused = |place: usize, number: u32| {
            let mut bytes = small_file();
            bytes[place..place + 4].copy_from_slice(&number.to_le_bytes());
            E5File::parse(&bytes).expect_err("refused")
        };
        assert!(matches!(refused(0, 0), E5FileError::Magic));
        assert!(matches!(refused(4, 2), E5FileError::Magic));
        assert!(matches!(refused(40, 64), E5FileError::Inconsistent(_)), "the group size");
        assert!(matches!(refused(44, i32::MAX as u32), E5FileError::Truncated(_)), "the count of pieces");
        assert!(matches!(refused(44, u32::MAX), E5FileError::Inconsistent(_)), "a negative count");
        assert!(matches!(refused(48, 5), E5FileError::Inconsistent(_)), "the first token");
    }
}
