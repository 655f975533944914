//! Keeps what a file has besides its text and a rename would lose, for writes: owner, mode, links, attributes.

use std::fs::File;
use std::io;
use std::path::Path;

/// The reason why a file cannot be replaced.
pub(super) enum CannotReplace {
    Reason(&'static str),
    Io(io::Error),
}

impl From<io::Error> for CannotReplace {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Checks that the file at `target` may be written, and that nothing of it would be lost. Permission is the file's own:
/// for a rename only its folder's counts.
pub(super) fn check_metadata(target: &Path) -> Result<(), CannotReplace> {
    let about = std::fs::metadata(target)?;
    if !about.is_file() {
        return Err(CannotReplace::Reason("is no regular file"));
    }
    // The system answers, not the mode: a user with a right to write by other means has it here.
    File::options().append(true).open(target).map_err(|error| match error.kind() {
        io::ErrorKind::PermissionDenied => CannotReplace::Reason("is read-only"),
        _ => CannotReplace::Io(error),
    })?;
    let file = File::open(target)?;
    #[cfg(unix)]
    attributes::check_metadata(&file, &about)?;
    #[cfg(target_os = "linux")]
    inode_flags::check_flags(&file)?;
    Ok(())
}

/// Checks that what is made in the folder of `target` can be taken away again, before anything is made there.
pub(super) fn check_folder(target: &Path) -> Result<(), CannotReplace> {
    #[cfg(target_os = "linux")]
    if let Some(folder) = target.parent() {
        inode_flags::check_folder(&File::open(folder)?)?;
    }
    Ok(())
}

/// The mode that a new file in the target's place begins with: never wider than the target's, and its owner's alone until
/// it has the target's owner and group.
#[cfg(unix)]
pub(super) fn first_mode(target: &Path) -> io::Result<u32> {
    use std::os::unix::fs::PermissionsExt as _;
    match std::fs::metadata(target) {
        Ok(about) => Ok(about.permissions().mode() & 0o600),
        // A new file is as its user makes files: the system takes the mask away.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0o666),
        Err(error) => Err(error),
    }
}

/// Gives the new file, while it is empty, what a file can only have from the start.
pub(super) fn copy_flags(target: &Path, new: &File) -> Result<(), CannotReplace> {
    #[cfg(target_os = "linux")]
    inode_flags::copy_flags(target, new)?;
    Ok(())
}

/// Gives the new file, once it is written, what the old one has.
pub(super) fn copy_metadata(target: &Path, new: &File) -> Result<(), CannotReplace> {
    let old = std::fs::metadata(target)?;
    #[cfg(unix)]
    {
        attributes::copy_owner(&old, new)?;
        attributes::copy_attributes(target, new)?;
    }
    // The mode comes last: a change of owner takes the set-id bits away, and a list that the folder gave is gone by now.
    Ok(new.set_permissions(old.permissions())?)
}

#[cfg(unix)]
mod attributes {
    //! Owner, links and extended attributes.

    use std::fs::{File, Metadata};
    use std::os::unix::fs::{MetadataExt, fchown};
    use std::path::Path;

    use rustix::fs::{XattrFlags, fgetxattr, flistxattr, fremovexattr, fsetxattr};

    use super::CannotReplace;

    /// The most bytes that the kernel allows a list of attributes, or one of them (`XATTR_LIST_MAX`, `XATTR_SIZE_MAX`).
    const MAX_ATTRIBUTE_BYTES: usize = 64 * 1024;
    /// The access control list of a file.
    const ACCESS_LIST: &[u8] = b"system.posix_acl_access";
    /// What is computed from a file's content: a copy would tell a falsehood.
    const MEASURES: [&[u8]; 2] = [b"security.ima", b"security.evm"];

    pub(super) fn check_metadata(target: &File, about: &Metadata) -> Result<(), CannotReplace> {
        if about.nlink() > 1 {
            return Err(CannotReplace::Reason("has several hard links, and a rename would part them"));
        }
        let names = list_attributes(target);
        if names.iter().any(|name| name == ACCESS_LIST) {
            return Err(CannotReplace::Reason("has an access control list, and a rename would lose it"));
        }
        if names.iter().any(|name| MEASURES.contains(&name.as_slice())) {
            return Err(CannotReplace::Reason(
                "has a signature over its content (security.ima or security.evm)",
            ));
        }
        Ok(())
    }

    pub(super) fn copy_owner(old: &Metadata, new: &File) -> Result<(), CannotReplace> {
        let about = new.metadata()?;
        if (old.uid(), old.gid()) == (about.uid(), about.gid()) {
            return Ok(());
        }
        fchown(new, Some(old.uid()), Some(old.gid())).map_err(|_| {
            CannotReplace::Reason("belongs to another owner or group, and a rename would change that")
        })
    }

    /// Leaves the new file with the attributes of the old one and no others: those that its folder gave it, as a default
    /// access control list does, would open what is private.
    pub(super) fn copy_attributes(target: &Path, new: &File) -> Result<(), CannotReplace> {
        let old = File::open(target)?;
        let names = list_attributes(&old);
        for name in &names {
            let value = read_attribute(&old, name);
            if value == read_attribute(new, name) {
                continue;
            }
            let value = value.unwrap_or_default();
            // An attribute that is set and reads otherwise is not kept.
            let kept = fsetxattr(new, name.as_slice(), &value, XattrFlags::empty()).is_ok()
                && read_attribute(new, name).is_some_and(|now| now == value);
            if !kept {
                return Err(CannotReplace::Reason("has extended attributes, and a rename would lose them"));
            }
        }
        for name in list_attributes(new).iter().filter(|name| !names.contains(*name)) {
            let removed = fremovexattr(new, name.as_slice()).is_ok();
            // A label that the system gives to all files of a folder stays; a right that the old file did not give must
            // not.
            if !removed && !name.starts_with(b"security.") {
                return Err(CannotReplace::Reason("would get rights from its folder that it does not have"));
            }
        }
        Ok(())
    }

    fn read_attribute(file: &File, name: &[u8]) -> Option<Vec<u8>> {
        let mut value = vec![0; MAX_ATTRIBUTE_BYTES];
        let length = fgetxattr(file, name, value.as_mut_slice()).ok()?;
        value.truncate(length);
        Some(value)
    }

    /// The names of the file's extended attributes; none where the filesystem knows of none.
    fn list_attributes(file: &File) -> Vec<Vec<u8>> {
        let mut names = vec![0; MAX_ATTRIBUTE_BYTES];
        let length = flistxattr(file, names.as_mut_slice()).unwrap_or_default();
        let names = names[..length].split(|byte| *byte == 0);
        names.filter(|name| !name.is_empty()).map(<[u8]>::to_vec).collect()
    }
}

#[cfg(target_os = "linux")]
mod inode_flags {
    //! The flags of `chattr`.

    use std::fs::File;
    use std::path::Path;

    use rustix::fs::{IFlags, ioctl_getflags, ioctl_setflags};

    use super::CannotReplace;

    /// Those that a user may set (`FS_FL_USER_MODIFIABLE` of the kernel), and the journal's, copy on write, compression
    /// and direct access. The others say how a filesystem keeps the file, and are its own affair.
    const KEPT_FLAGS: u32 = 0x0003_80ff | 0x4000 | 0x0080_0000 | 0x0400 | 0x0200_0000;

    pub(super) fn check_flags(target: &File) -> Result<(), CannotReplace> {
        if is_fixed(target) {
            return Err(CannotReplace::Reason("may only be appended to, or not be changed at all (chattr)"));
        }
        Ok(())
    }

    pub(super) fn check_folder(folder: &File) -> Result<(), CannotReplace> {
        if is_fixed(folder) {
            return Err(CannotReplace::Reason(
                "lies in a folder that may only be added to, or not be changed at all (chattr)",
            ));
        }
        Ok(())
    }

    fn is_fixed(file: &File) -> bool {
        let fixed = IFlags::APPEND.union(IFlags::IMMUTABLE);
        ioctl_getflags(file).is_ok_and(|flags| flags.intersects(fixed))
    }

    pub(super) fn copy_flags(target: &Path, new: &File) -> Result<(), CannotReplace> {
        // A filesystem without flags has none to lose.
        let Ok(old) = ioctl_getflags(File::open(target)?) else { return Ok(()) };
        let kept = |flags: IFlags| flags.bits() & KEPT_FLAGS;
        let current = ioctl_getflags(new).map_err(std::io::Error::from)?;
        if kept(current) == kept(old) {
            return Ok(());
        }
        let wanted = IFlags::from_bits_retain(current.bits() & !KEPT_FLAGS | kept(old));
        let is_kept = ioctl_setflags(new, wanted).is_ok()
            && ioctl_getflags(new).is_ok_and(|now| kept(now) == kept(old));
        if is_kept {
            Ok(())
        } else {
            Err(CannotReplace::Reason("has flags (chattr), and a rename would lose them"))
        }
    }
}
