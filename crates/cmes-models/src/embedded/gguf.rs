//! Writing GGUF, the file format of llama.cpp: only what a model without a tokeniser needs.

use std::io::{self, Write};

const MAGIC: &[u8] = b"GGUF";
const VERSION: u32 = 3;
/// Tensors, and the first of them, start at multiples of this.
const ALIGNMENT: usize = 32;

/// A value of the head.
#[derive(Clone, Copy, Debug)]
pub enum Value<'a> {
    /// An unsigned number.
    U32(u32),
    /// A float.
    F32(f32),
    /// True or false.
    Bool(bool),
    /// A text.
    Text(&'a str),
}

/// How a tensor's numbers are stored, by ggml's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Kind {
    /// 32-bit floats.
    F32 = 0,
    /// 4 bits, in blocks of 32.
    Q4_0 = 2,
}

/// A tensor to be written.
#[derive(Debug)]
pub struct Tensor<'a> {
    /// Its name in llama.cpp.
    pub name: String,
    /// Length of a row, then the count of rows where it has two dimensions.
    pub dimensions: Vec<usize>,
    /// How its numbers are stored.
    pub kind: Kind,
    /// Its numbers.
    pub data: &'a [u8],
}

/// What stands before the tensors' numbers.
#[derive(Debug)]
pub struct Head {
    bytes: Vec<u8>,
    data_length: usize,
}

impl Head {
    /// The head of a file with these values and tensors.
    #[must_use]
    pub fn new(values: &[(&str, Value<'_>)], tensors: &[Tensor<'_>]) -> Self {
        let mut bytes = Vec::new();
        bytes.extend(MAGIC);
        bytes.extend(VERSION.to_le_bytes());
        put_size(&mut bytes, tensors.len());
        put_size(&mut bytes, values.len());
        for (key, value) in values {
            put_text(&mut bytes, key);
            put_value(&mut bytes, *value);
        }
        let mut offset = 0;
        for tensor in tensors {
            put_tensor(&mut bytes, tensor, offset);
            offset += tensor.data.len().next_multiple_of(ALIGNMENT);
        }
        bytes.resize(bytes.len().next_multiple_of(ALIGNMENT), 0);
        Self { bytes, data_length: offset }
    }

    /// The head itself, to where the numbers of the first tensor begin.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How long the whole file is.
    #[must_use]
    pub fn length_of_file(&self) -> u64 {
        (self.bytes.len() + self.data_length) as u64
    }

    /// Writes the head.
    ///
    /// # Errors
    /// What `out` fails with.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        out.write_all(&self.bytes)
    }
}

/// Writes what follows the head.
///
/// # Errors
/// What `out` fails with.
pub fn write_data(out: &mut impl Write, tensors: &[Tensor<'_>]) -> io::Result<()> {
    for Tensor { data, .. } in tensors {
        out.write_all(data)?;
        out.write_all(&[0; ALIGNMENT][..data.len().next_multiple_of(ALIGNMENT) - data.len()])?;
    }
    Ok(())
}

fn put_value(bytes: &mut Vec<u8>, value: Value<'_>) {
    match value {
        Value::U32(number) => {
            bytes.extend(4_u32.to_le_bytes());
            bytes.extend(number.to_le_bytes());
        }
        Value::F32(number) => {
            bytes.extend(6_u32.to_le_bytes());
            bytes.extend(number.to_le_bytes());
        }
        Value::Bool(truth) => {
            bytes.extend(7_u32.to_le_bytes());
            bytes.push(truth.into());
        }
        Value::Text(text) => {
            bytes.extend(8_u32.to_le_bytes());
            put_text(bytes, text);
        }
    }
}

fn put_tensor(bytes: &mut Vec<u8>, tensor: &Tensor<'_>, offset: usize) {
    put_text(bytes, &tensor.name);
    bytes.extend((tensor.dimensions.len() as u32).to_le_bytes());
    for dimension in &tensor.dimensions {
        put_size(bytes, *dimension);
    }
    bytes.extend((tensor.kind as u32).to_le_bytes());
    put_size(bytes, offset);
}

fn put_text(bytes: &mut Vec<u8>, text: &str) {
    put_size(bytes, text.len());
    bytes.extend(text.as_bytes());
}

fn put_size(bytes: &mut Vec<u8>, size: usize) {
    bytes.extend((size as u64).to_le_bytes());
}
