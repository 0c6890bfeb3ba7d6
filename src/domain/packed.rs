//! Bytes packed as gzip, the same on every machine: what a table is packed to is part of its fingerprint.

/// How hard to pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    /// As `gzip` does unless told otherwise: for results.
    Usual,
    /// As small as it gets: for tables that are kept.
    Smallest,
}

/// Packs bytes, without a date, a name or a system in the header (RFC 1952).
///
/// Not by the library that reads them: it takes whichever compressor the features of all other libraries add up to, and
/// some of these look at the processor.
pub fn gzip(bytes: &[u8], packing: Packing) -> Vec<u8> {
    const UNKNOWN_SYSTEM: u8 = 255;
    let (level, hint) = match packing {
        Packing::Usual => (6, 0),
        Packing::Smallest => (9, 2),
    };
    let mut packed = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, hint, UNKNOWN_SYSTEM];
    packed.extend(miniz_oxide::deflate::compress_to_vec(bytes, level));
    packed.extend(crc32fast::hash(bytes).to_le_bytes());
    // The format has the length in 32 bits, and wants its lowest ones of anything longer.
    packed.extend((bytes.len() as u32).to_le_bytes());
    packed
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn another_library_reads_what_was_packed() {
        let table = "area,beds\nE1,2.5\n".repeat(5_000).into_bytes();
        for packing in [Packing::Usual, Packing::Smallest] {
            let packed = gzip(&table, packing);
            let mut read = Vec::new();
            flate2::read::GzDecoder::new(&packed[..]).read_to_end(&mut read).expect("it is gzip");
            assert!(read == table && packed.len() < table.len() / 20);
        }
    }
}
