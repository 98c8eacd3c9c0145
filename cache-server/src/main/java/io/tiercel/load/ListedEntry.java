package io.tiercel.load;

/**
 * One line of a listing.
 *
 * @param path whole key, or path of the folder.
 * @param length bytes, 0 for a folder.
 * @param etag with its quotes, empty where the store tells none in listings.
 * @param lastModifiedMs ms since 1970, 0: unknown.
 */
public record ListedEntry(String path, boolean isFolder, long length, String etag, long lastModifiedMs) {
    static ListedEntry folder(String path) {
        return new ListedEntry(path, true, 0L, "", 0L);
    }

    /** Bytes that its texts take, at most; bounds a page. */
    public int textLength() {
        return 4 * path.length() + etag.length();
    }
}
