//! Which container a stream is, told by its first bytes.

/// Containers we look into.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Container {
    Gzip,
    Zstandard,
    Zip,
    Tar,
}

/// Recognises a container.
pub(super) fn container(head: &[u8]) -> Option<Container> {
    const SKIPPABLE_FRAME: &[u8] = b"\x2A\x4D\x18";
    if head.starts_with(b"\x1F\x8B\x08") {
        return Some(Container::Gzip);
    }
    if head.starts_with(b"\x28\xB5\x2F\xFD") || head.get(1..4) == Some(SKIPPABLE_FRAME) {
        return Some(Container::Zstandard);
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Some(Container::Zip);
    }
    is_tar(head).then_some(Container::Tar)
}

/// Whether the first block is a tar header: its checksum tells, for the oldest tars have no magic number.
fn is_tar(head: &[u8]) -> bool {
    let Some(block) = head.first_chunk::<512>() else {
        return false;
    };
    let header = tar::Header::from_byte_slice(block);
    let sum: u32 = block
        .iter()
        .enumerate()
        .map(|(i, &b)| u32::from(if (148..156).contains(&i) { b' ' } else { b }))
        .sum();
    block.first() != Some(&0) && header.cksum().is_ok_and(|told| told == sum)
}
