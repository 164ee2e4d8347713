import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.SortedDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.index.SortedDocValues;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.QueryBuilder;
import org.apache.lucene.util.Version;

/**
 * Lucene on the flat documents of examples/flatten.rs: all texts of a record in one field, analysed as English with
 * positions, the text stored; queries are BM25 over that field.
 * java -cp anserini-fatjar.jar Peer.java build DOCUMENTS INDEX, then ... search DOCUMENTS INDEX QUERIES
 */
public class Peer {
    static final int THREADS = 2;
    static final double MEGABYTES = 400;
    /** Documents that may wait for a thread. */
    static final int WAITING = 1000;
    static final ObjectMapper JSON = new ObjectMapper();

    public static void main(String[] arguments) throws Exception {
        if (arguments.length == 3 && arguments[0].equals("build")) {
            build(Path.of(arguments[1], "documents.bin"), Path.of(arguments[2]));
        } else if (arguments.length == 4 && arguments[0].equals("search")) {
            serve(Path.of(arguments[2]), Path.of(arguments[3]));
        } else {
            throw new IllegalArgumentException("usage: Peer build DOCUMENTS INDEX | search DOCUMENTS INDEX QUERIES");
        }
    }

    static void build(Path documents, Path folder) throws Exception {
        long begin = System.nanoTime();
        IndexWriterConfig config = new IndexWriterConfig(new EnglishAnalyzer());
        config.setRAMBufferSizeMB(MEGABYTES).setSimilarity(new BM25Similarity());
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        Semaphore room = new Semaphore(WAITING);
        List<Future<?>> added = new ArrayList<>();
        int records;
        try (IndexWriter writer = new IndexWriter(FSDirectory.open(folder), config);
                DataInputStream file = new DataInputStream(
                        new BufferedInputStream(Files.newInputStream(documents), 1 << 20))) {
            for (Document document = document(file); document != null; document = document(file)) {
                Document one = document;
                room.acquire();
                added.add(threads.submit(() -> {
                    try {
                        return writer.addDocument(one);
                    } finally {
                        room.release();
                    }
                }));
            }
            threads.shutdown();
            for (Future<?> one : added) {
                one.get();
            }
            writer.commit();
            records = writer.getDocStats().numDocs;
        } finally {
            threads.shutdownNow();
        }
        ObjectNode result = JSON.createObjectNode();
        result.put("version", Version.LATEST.toString()).put("records", records).put("seconds", seconds(begin));
        System.out.println(JSON.writeValueAsString(result));
    }

    /** The next document, or null at the end. */
    static Document document(DataInputStream file) throws IOException {
        int count;
        try {
            count = number(file);
        } catch (EOFException end) {
            return null;
        }
        Document document = new Document();
        StringBuilder contents = new StringBuilder();
        for (int text = 0; text < count; text++) {
            int field = number(file);
            byte[] bytes = file.readNBytes(number(file));
            if (field == 0) {
                document.add(new StringField("id", new BytesRef(bytes), Field.Store.NO));
                document.add(new SortedDocValuesField("id", new BytesRef(bytes)));
            } else if (field > 1) {
                contents.append(new String(bytes, StandardCharsets.UTF_8)).append('\n');
            }
        }
        document.add(new TextField("contents", contents.toString(), Field.Store.YES));
        return document;
    }

    static int number(DataInputStream file) throws IOException {
        return Integer.reverseBytes(file.readInt());
    }

    record Asked(int limit, String text) {
        /** Of a line of set, hits, id and words. */
        static Asked of(String line) {
            String[] parts = line.split("\t", 4);
            if (parts.length != 4) {
                throw new IllegalArgumentException("not a query of set, hits, id and words: " + line);
            }
            return new Asked(Integer.parseInt(parts[1]), parts[3]);
        }
    }

    /** Answers, for every line, the queries from one number to before another: their times, and what each found. */
    static void serve(Path folder, Path queries) throws IOException {
        List<Asked> asked = Files.readAllLines(queries).stream().map(Asked::of).toList();
        QueryBuilder builder = new QueryBuilder(new EnglishAnalyzer());
        long begin = System.nanoTime();
        try (DirectoryReader reader = DirectoryReader.open(FSDirectory.open(folder))) {
            IndexSearcher searcher = new IndexSearcher(reader);
            searcher.setSimilarity(new BM25Similarity());
            System.out.println(JSON.createObjectNode().put("open", seconds(begin)));
            BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] range = line.split(" ");
                ObjectNode answer = JSON.createObjectNode();
                ArrayNode times = answer.putArray("ms");
                ArrayNode found = answer.putArray("top");
                for (Asked one : asked.subList(Integer.parseInt(range[0]), Integer.parseInt(range[1]))) {
                    long start = System.nanoTime();
                    List<String> ids = find(searcher, builder, one);
                    times.add(seconds(start) * 1e3);
                    ArrayNode top = found.addArray();
                    ids.stream().limit(10).forEach(top::add);
                }
                System.out.println(answer);
            }
        }
    }

    static List<String> find(IndexSearcher searcher, QueryBuilder builder, Asked asked) throws IOException {
        List<String> ids = new ArrayList<>();
        Query query = builder.createBooleanQuery("contents", asked.text());
        if (query == null) {
            return ids;
        }
        List<LeafReaderContext> leaves = searcher.getIndexReader().leaves();
        for (ScoreDoc hit : searcher.search(query, asked.limit()).scoreDocs) {
            LeafReaderContext leaf = leaves.get(ReaderUtil.subIndex(hit.doc, leaves));
            SortedDocValues values = leaf.reader().getSortedDocValues("id");
            if (values.advanceExact(hit.doc - leaf.docBase)) {
                ids.add(values.lookupOrd(values.ordValue()).utf8ToString());
            }
        }
        return ids;
    }

    static double seconds(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }
}
