package io.tiercel.storage.contract.mutant;

import static java.util.Objects.requireNonNull;

import io.tiercel.storage.ListOptions;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.ObjectRead;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.WriteOptions;
import io.tiercel.storage.WriteResult;
import io.tiercel.storage.contract.PassingStore;
import java.nio.ByteBuffer;
import java.util.List;

/** Stores that remove, move and copy wrongly. */
final class BrokenRemovals {
    private BrokenRemovals() {}

    static List<Mutant> mutants() {
        return List.of(
                Mutant.of("what was removed is gone", whole -> deleting(whole, (store, path, missingIsFine) -> {}),
                        "shouldRemoveAnObject", "shouldReportAMissingObjectUnlessThatIsFine"),
                Mutant.of("what is missing may be fine",
                        whole -> deleting(whole, (store, path, missingIsFine) -> store.delete(path, false)),
                        "shouldReportAMissingObjectUnlessThatIsFine", "shouldTakeAPathUnderAFileAsMissing"),
                Mutant.of("a folder is no object", whole -> deleting(whole, BrokenRemovals::removeFolderToo),
                        "shouldRefuseAFolderEvenWhereMissingIsFine"),
                Mutant.of("an emptied folder stays", whole -> deleting(whole, BrokenRemovals::removeEmptiedParent),
                        "shouldTreatAFolderWithoutEntriesAsItsKindHasIt"),
                Mutant.of("a removal goes all the way down", whole -> removing(whole, BrokenRemovals::removeFilesOnly),
                        "shouldRemoveAFolderWithAllInItAndNothingElse",
                        "shouldEndInAStoreThatHoldsTogetherWhenTreesAreMadeAndRemoved",
                        "shouldWalkADeepTreeWithoutRecursion"),
                Mutant.of("a removal leaves what only begins alike", whole -> removing(whole,
                        BrokenRemovals::removePrefix),
                        "shouldRemoveAFolderWithAllInItAndNothingElse"),
                Mutant.of("a missing folder is nothing to remove", whole -> removing(whole, (store, path) -> {
                    store.info(path);
                    return store.deleteRecursively(path);
                }), "shouldFindNothingToRemoveInAMissingFolder"),
                Mutant.of("a file is no folder", whole -> removing(whole, BrokenRemovals::removeFileToo),
                        "shouldRefuseToRemoveAFileAsAFolder"),
                Mutant.of("the root stays", whole -> removing(whole, BrokenRemovals::emptyTheRoot),
                        "shouldRefuseFileOperationsOnEverySpellingOfTheRoot"),
                Mutant.of("a move takes its source away", whole -> moving(whole, StorageAdapter::copy),
                        "shouldCarryAnObjectIntoAFolderThatIsMissing", "shouldOverwriteOnlyWhenAsked"),
                Mutant.of("a transfer replaces nothing unless asked",
                        whole -> moving(whole, (store, from, to, overwrite) -> store.move(from, to, true)),
                        "shouldOverwriteOnlyWhenAsked"),
                Mutant.of("a move onto itself does nothing", whole -> moving(whole, BrokenRemovals::copyThenRemove),
                        "shouldDoNothingOntoItself"),
                Mutant.of("the source is looked at first", whole -> moving(whole, BrokenRemovals::lookAtDestination),
                        "shouldReportAMissingSourceAheadOfTheDestination"),
                Mutant.of("a folder is no destination", whole -> moving(whole, BrokenRemovals::moveInto),
                        "shouldRefuseWrongKindsOnEitherSide"),
                Mutant.of("content type and metadata go along", whole -> moving(whole, BrokenRemovals::moveBytesAlone),
                        "shouldCarryContentTypeAndUserMetadataAlong"));
    }

    /** A way to delete. */
    private interface Deleting {
        void delete(StorageAdapter whole, StorePath path, boolean missingIsFine);
    }

    /** A way to remove folders. */
    private interface Removing {
        long remove(StorageAdapter whole, StorePath path);
    }

    /** A way to move. */
    private interface Moving {
        WriteResult move(StorageAdapter whole, StorePath from, StorePath to, boolean overwrite);
    }

    private static StorageAdapter deleting(StorageAdapter whole, Deleting way) {
        return new PassingStore(whole) {
            @Override
            public void delete(StorePath path, boolean missingIsFine) {
                way.delete(whole, path, missingIsFine);
            }
        };
    }

    private static StorageAdapter removing(StorageAdapter whole, Removing way) {
        return new PassingStore(whole) {
            @Override
            public long deleteRecursively(StorePath path) {
                return way.remove(whole, path);
            }
        };
    }

    private static StorageAdapter moving(StorageAdapter whole, Moving way) {
        return new PassingStore(whole) {
            @Override
            public WriteResult move(StorePath from, StorePath to, boolean overwrite) {
                return way.move(whole, from, to, overwrite);
            }
        };
    }

    private static void removeFolderToo(StorageAdapter whole, StorePath path, boolean missingIsFine) {
        if (Stores.isFolder(whole, path)) {
            whole.deleteRecursively(path);
        } else {
            whole.delete(path, missingIsFine);
        }
    }

    private static void removeEmptiedParent(StorageAdapter whole, StorePath path, boolean missingIsFine) {
        whole.delete(path, missingIsFine);
        StorePath parent = requireNonNull(path.parent());
        if (!parent.isRoot() && Stores.entries(whole, parent, ListOptions.DIRECT).isEmpty()) {
            whole.deleteRecursively(parent);
        }
    }

    private static long removeFilesOnly(StorageAdapter whole, StorePath path) {
        List<ObjectInfo> files = Stores.entries(whole, path, ListOptions.DIRECT).stream().filter(ObjectInfo::isFile)
                .toList();
        files.forEach(file -> whole.delete(file.path(), true));
        return files.size();
    }

    private static long removePrefix(StorageAdapter whole, StorePath path) {
        long removed = whole.deleteRecursively(path);
        for (ObjectInfo entry : Stores.entries(whole, StorePath.ROOT, ListOptions.DIRECT)) {
            if (entry.isFolder() && entry.path().toString().startsWith(path.toString())) {
                removed += whole.deleteRecursively(entry.path());
            }
        }
        return removed;
    }

    private static long removeFileToo(StorageAdapter whole, StorePath path) {
        if (Stores.isFile(whole, path)) {
            whole.delete(path, true);
            return 1;
        }
        return whole.deleteRecursively(path);
    }

    private static long emptyTheRoot(StorageAdapter whole, StorePath path) {
        if (!path.isRoot()) {
            return whole.deleteRecursively(path);
        }
        return Stores.entries(whole, path, ListOptions.DIRECT).stream().filter(ObjectInfo::isFolder)
                .mapToLong(folder -> whole.deleteRecursively(folder.path())).sum();
    }

    private static WriteResult copyThenRemove(StorageAdapter whole, StorePath from, StorePath to, boolean overwrite) {
        WriteResult result = whole.copy(from, to, overwrite);
        whole.delete(from, false);
        return result;
    }

    private static WriteResult lookAtDestination(StorageAdapter whole, StorePath from, StorePath to,
            boolean overwrite) {
        if (!overwrite && !from.equals(to) && Stores.isFile(whole, to)) {
            throw StorageException.of(Kind.ALREADY_EXISTS).store(whole.name()).path(to).build();
        }
        return whole.move(from, to, overwrite);
    }

    private static WriteResult moveInto(StorageAdapter whole, StorePath from, StorePath to, boolean overwrite) {
        boolean into = !from.isRoot() && !to.isRoot() && Stores.isFolder(whole, to);
        return whole.move(from, into ? to.child(from.name()) : to, overwrite);
    }

    private static WriteResult moveBytesAlone(StorageAdapter whole, StorePath from, StorePath to, boolean overwrite) {
        WriteResult moved = whole.move(from, to, overwrite);
        ByteBuffer bytes = ByteBuffer.allocate((int) moved.info().length());
        try (ObjectRead read = whole.open(to)) {
            while (bytes.hasRemaining()) {
                read.read(bytes);
            }
        }
        return WriteResult.of(whole.write(to, bytes.flip(), WriteOptions.REPLACE).info(), moved.isCreated());
    }
}
