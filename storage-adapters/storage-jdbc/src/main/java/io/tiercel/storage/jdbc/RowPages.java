package io.tiercel.storage.jdbc;

import io.tiercel.storage.ListOptions;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.flat.KeyPages;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The objects below a folder, by a range of paths that moves on behind what was shown. A folder that is too deep to be looked
 * into stands for all in it: the range jumps behind it, so that it costs the rows of one small page, however much it holds.
 * Not threadsafe.
 */
final class RowPages implements KeyPages {
    private static final int LARGEST_PAGE = 1000;
    /** Behind a jump the next folder may be as large: so few rows are asked for, and more while none is passed over. */
    private static final int PAGE_BEHIND_A_JUMP = 16;

    private final BlobTable table;
    private final DatabaseCalls calls;
    private final SqlErrors errors;
    private final StorePath folder;
    private final int deepest;
    private final int pageSize;
    private PathRange range;
    private int limit;
    private boolean begun;
    private boolean ended;

    RowPages(BlobTable table, DatabaseCalls calls, SqlErrors errors, StorePath folder, ListOptions options) {
        this.table = table;
        this.calls = calls;
        this.errors = errors;
        this.folder = folder;
        this.deepest = (int) Math.min(Integer.MAX_VALUE - 1L, (long) folder.segmentCount() + options.depth());
        this.pageSize = Math.min(LARGEST_PAGE, options.pageSize());
        this.range = PathRange.below(folder);
        this.limit = pageSize;
    }

    @Override
    public List<ObjectInfo> next() {
        List<ObjectInfo> page = new ArrayList<>();
        while (!ended && page.isEmpty()) {
            List<Row> rows = ask();
            ended = rows.size() < limit;
            show(rows, page);
        }
        return page;
    }

    private List<Row> ask() {
        PathKeys.of(folder, errors);
        PathRange asked = range;
        int most = limit;
        List<Row> rows = calls.read(folder, connection -> table.page(connection, asked, most), () -> {
            if (begun) {
                throw errors.of(Kind.NOT_FOUND, folder, "the table was removed while it was listed");
            }
            return List.of();
        });
        begun = true;
        return rows;
    }

    private void show(List<Row> rows, List<ObjectInfo> page) {
        String passed = null;
        for (Row row : rows) {
            if (passed == null || !isBelow(row.path(), passed)) {
                passed = showOne(row, page);
            }
        }
        if (!rows.isEmpty()) {
            String last = rows.getLast().path();
            range = passed == null ? range.after(last) : range.afterFolder(passed);
            limit = passed == null ? Math.min(pageSize, 4 * limit) : Math.min(pageSize, PAGE_BEHIND_A_JUMP);
        }
    }

    /** Shows an object, or the folder that stands for it, which it tells then. */
    private @Nullable String showOne(Row row, List<ObjectInfo> page) {
        if (!isNormal(row.path())) {
            // Others wrote it, and no path of ours leads there.
            return null;
        }
        StorePath path = StorePath.of(row.path());
        if (path.segmentCount() - 1 <= deepest) {
            page.add(row.info(path));
            return null;
        }
        StorePath standing = path.first(deepest + 1);
        page.add(ObjectInfo.folder(standing).build());
        return standing.toString();
    }

    private static boolean isBelow(String path, String folder) {
        return path.length() > folder.length() && path.startsWith(folder) && path.charAt(folder.length()) == '/';
    }

    private static boolean isNormal(String path) {
        int from = 0;
        while (from <= path.length()) {
            int slash = path.indexOf('/', from);
            int to = slash < 0 ? path.length() : slash;
            if (!StorePath.isSegment(path.substring(from, to))) {
                return false;
            }
            from = to + 1;
        }
        return true;
    }

    @Override
    public void close() {
        ended = true;
    }
}
