//! Rewrites multilingual-e5-small for llama.cpp: the same numbers under llama.cpp's names, in a file beside the first.
//!
//! The 4-bit blocks go over as they are. Measured with them against 8 bits, bfloat16 and floats of the same values, they
//! are also the fastest, because llama.cpp has kernels for them that keep eight rows together.

use std::fs::{File, Permissions};
use std::io::{self, BufWriter, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::e5_file::{E5File, E5FileError, Shape, Storage, Tensor};
use super::gguf::{self, Head, Kind, Value};

/// Ending of the rewritten file.
const EXTENSION: &str = "gguf";
/// Vectors of all tokens are averaged, by llama.cpp's number.
const POOLING_MEAN: u32 = 1;

/// Where the weights of `file`, which was read from `path` as `bytes`, lie as GGUF; written when they do not yet.
///
/// # Errors
/// When the file cannot be written, or holds tensors that are not of this model.
pub fn beside(path: &Path, file: &E5File, bytes: &[u8]) -> io::Result<PathBuf> {
    let target = path.with_extension(EXTENSION);
    let tensors = tensors(file, bytes)?;
    let head = Head::new(&values(&file.shape)?, &tensors);
    if is_written(&target, &head)? {
        return Ok(target);
    }
    // Under a name of its own until it is whole: two may write it at once.
    // Readable for all, as the file beside it is: whoever asked first need not be the user of the server.
    let unfinished = tempfile::Builder::new()
        .suffix(".part")
        .permissions(Permissions::from_mode(0o644))
        .tempfile_in(path.parent().unwrap_or(path))?;
    let mut out = BufWriter::new(unfinished);
    head.write(&mut out)?;
    gguf::write_data(&mut out, &tensors)?;
    let whole = out.into_inner()?;
    whole.as_file().sync_all()?;
    whole.persist(&target)?;
    Ok(target)
}

/// The file was renamed when it was whole, so that its head and length tell that it is the one.
fn is_written(path: &Path, head: &Head) -> io::Result<bool> {
    let file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        opened => opened?,
    };
    let mut begin = Vec::new();
    let length = file.metadata()?.len();
    file.take(head.bytes().len() as u64).read_to_end(&mut begin)?;
    Ok(begin == head.bytes() && length == head.length_of_file())
}

fn values(shape: &Shape) -> io::Result<[(&'static str, Value<'static>); 13]> {
    let number = |size: usize| u32::try_from(size).map(Value::U32).map_err(io::Error::other);
    Ok([
        ("general.architecture", Value::Text("bert")),
        ("general.name", Value::Text("multilingual-e5-small")),
        ("bert.context_length", number(shape.positions)?),
        ("bert.embedding_length", number(shape.hidden)?),
        ("bert.block_count", number(shape.layers)?),
        ("bert.feed_forward_length", number(shape.feed_forward)?),
        ("bert.attention.head_count", number(shape.heads)?),
        ("bert.attention.layer_norm_epsilon", Value::F32(shape.epsilon)),
        ("bert.attention.causal", Value::Bool(false)),
        ("bert.pooling_type", Value::U32(POOLING_MEAN)),
        ("bert.vocab_size", number(shape.vocabulary)?),
        // Our own tokeniser makes the tokens.
        ("tokenizer.ggml.model", Value::Text("no_vocab")),
        ("tokenizer.ggml.token_type_count", number(shape.token_types)?),
    ])
}

fn tensors<'a>(file: &E5File, bytes: &'a [u8]) -> io::Result<Vec<gguf::Tensor<'a>>> {
    let convert = |tensor: &Tensor| {
        let unknown = || io::Error::other(format!("the model has no tensor {}", tensor.name));
        let dimensions = dimensions(tensor, &file.shape).ok_or_else(unknown)?;
        if dimensions.iter().product::<usize>() != tensor.elements {
            return Err(io::Error::other(E5FileError::Inconsistent("the size of a tensor")));
        }
        Ok(gguf::Tensor {
            name: name(&tensor.name).ok_or_else(unknown)?,
            dimensions,
            kind: match tensor.storage {
                Storage::F32 => Kind::F32,
                Storage::Q4_0 => Kind::Q4_0,
            },
            data: bytes.get(tensor.bytes.clone()).ok_or_else(unknown)?,
        })
    };
    file.tensors.iter().map(convert).collect()
}

/// The name of a tensor in llama.cpp.
fn name(name: &str) -> Option<String> {
    let (place, end) = name.rsplit_once('.')?;
    let end = match end {
        "w" => "weight",
        "b" => "bias",
        // These three have no bias and no ending.
        _ => return Some(embedding(name)?.to_owned() + ".weight"),
    };
    if place == "emb.ln" {
        return Some(format!("token_embd_norm.{end}"));
    }
    let (layer, part) = place.strip_prefix('l')?.split_once('.')?;
    let part = match part {
        "q" => "attn_q",
        "k" => "attn_k",
        "v" => "attn_v",
        "ao" => "attn_output",
        "aln" => "attn_output_norm",
        "fi" => "ffn_up",
        "fo" => "ffn_down",
        "oln" => "layer_output_norm",
        _ => return None,
    };
    Some(format!("blk.{layer}.{part}.{end}"))
}

fn embedding(name: &str) -> Option<&'static str> {
    match name {
        "emb.word" => Some("token_embd"),
        "emb.pos" => Some("position_embd"),
        "emb.type" => Some("token_types"),
        _ => None,
    }
}

/// Length of a row, then the count of rows.
fn dimensions(tensor: &Tensor, shape: &Shape) -> Option<Vec<usize>> {
    let hidden = shape.hidden;
    let dimensions = match tensor.name.as_str() {
        "emb.word" => vec![hidden, shape.vocabulary],
        "emb.pos" => vec![hidden, shape.positions],
        "emb.type" => vec![hidden, shape.token_types],
        "emb.ln.w" | "emb.ln.b" => vec![hidden],
        name => match name.split_once('.')?.1 {
            "q.w" | "k.w" | "v.w" | "ao.w" => vec![hidden, hidden],
            "fi.w" => vec![hidden, shape.feed_forward],
            "fo.w" => vec![shape.feed_forward, hidden],
            "fi.b" => vec![shape.feed_forward],
            _ => vec![hidden],
        },
    };
    Some(dimensions)
}

#[cfg(test)]
mod tests {
    use super::beside;
    use crate::embedded::e5_file::E5File;
    use crate::embedded::e5_file::tests::small_file;

    #[test]
    fn the_weights_are_written_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("small.bin");
        let bytes = small_file();
        let file = E5File::parse(&bytes).expect("a file");
        let target = beside(&path, &file, &bytes).expect("written");
        let written = std::fs::read(&target).expect("a file");
        assert!(written.starts_with(b"GGUF") && written.len().is_multiple_of(32));
        assert!(written.ends_with(&bytes[640..768]), "the last tensor is as it was");
        let contains = |text: &str| written.windows(text.len()).any(|window| window == text.as_bytes());
        assert!(contains("token_embd.weight") && contains("token_embd_norm.weight"));

        let changed = || target.metadata().and_then(|metadata| metadata.modified()).expect("a time");
        let first = changed();
        beside(&path, &file, &bytes).expect("left as it is");
        assert_eq!(changed(), first);
        std::fs::write(&target, &written[..written.len() - 1]).expect("a broken file");
        beside(&path, &file, &bytes).expect("written again");
        assert_eq!(std::fs::read(&target).expect("a file"), written);
        assert_eq!(folder.path().read_dir().expect("the folder").count(), 1, "nothing unfinished is left");
    }
}
