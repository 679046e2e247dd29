package io.trainyard.dataset;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import io.trainyard.problem.ProblemException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.commons.io.ByteOrderMark;
import org.apache.commons.io.input.BOMInputStream;
import org.jspecify.annotations.Nullable;

/** Reads a CSV file record by record, each with as many cells as the header. Memory is bounded by a record. */
final class CsvFile implements Closeable {

    /** Of a cell, and of the line of one cell that a file is that is no table. */
    private static final int MAX_CELL = 1 << 24;

    private static final int MAX_NAME = 200;

    private final UploadedFile file;
    private final CsvReader<CsvCells> reader;
    private final CloseableIterator<CsvCells> records;
    private final List<String> header;
    private @Nullable CsvCells first;
    private long line;

    private CsvFile(UploadedFile file, CsvSpec spec, CsvReader<CsvCells> reader, int mostColumns) {
        this.file = file;
        this.reader = reader;
        this.records = reader.iterator();
        CsvCells cells = record();
        if (cells == null) {
            throw file.invalid("it is empty");
        }
        if (cells.count() > mostColumns) {
            throw file.invalid(
                    "line 1: there are " + cells.count() + " columns; at most " + mostColumns + " are taken");
        }
        if (spec.header()) {
            this.header = names(cells);
        } else {
            this.header = IntStream.rangeClosed(1, cells.count())
                    .mapToObj(i -> "column_" + i)
                    .toList();
            this.first = cells;
        }
    }

    /**
     * Opens a file and reads its header.
     *
     * @throws ProblemException INVALID_DATASET
     */
    static CsvFile open(UploadedFile file, CsvSpec spec, int mostColumns) throws IOException {
        BOMInputStream in = BOMInputStream.builder()
                .setInputStream(Files.newInputStream(file.path()))
                .setByteOrderMarks(ByteOrderMark.UTF_8, ByteOrderMark.UTF_16LE, ByteOrderMark.UTF_16BE)
                .get();
        try {
            CsvReader<CsvCells> reader = CsvReader.builder()
                    .fieldSeparator(delimiter(file, spec))
                    .skipEmptyLines(true)
                    // How many there are is checked here, in words that name the line.
                    .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                    .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                    .maxBufferSize(MAX_CELL)
                    .build(
                            new CsvCells(mostColumns, spec.decimalComma()),
                            new InputStreamReader(in, decoder(in, spec)));
            return new CsvFile(file, spec, reader, mostColumns);
        } catch (RuntimeException | IOException failed) {
            in.close();
            throw failed;
        }
    }

    private static char delimiter(UploadedFile file, CsvSpec spec) {
        if (spec.delimiter() != null) {
            return spec.delimiter().charAt(0);
        }
        String name = file.name().toLowerCase(Locale.ROOT);
        return name.endsWith(".tsv") || name.endsWith(".tab") ? '\t' : spec.decimalComma() ? ';' : ',';
    }

    /** What is no text in that encoding is a fault, not a question mark. */
    private static CharsetDecoder decoder(BOMInputStream in, CsvSpec spec) throws IOException {
        Charset charset = in.hasBOM()
                ? Charset.forName(in.getBOMCharsetName())
                : spec.encoding() == null ? StandardCharsets.UTF_8 : Charset.forName(spec.encoding());
        return charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
    }

    private List<String> names(CsvCells cells) {
        List<String> names = new ArrayList<>();
        Set<String> known = new HashSet<>();
        for (int i = 0; i < cells.count(); i++) {
            String name = cells.text(i);
            if (name.length() > MAX_NAME || name.chars().anyMatch(Character::isISOControl)) {
                throw file.invalid("line " + cells.line() + ": the name of column " + (i + 1) + ", " + cells.shown(i)
                        + ", must have at most " + MAX_NAME + " characters, none of them a control character");
            }
            if (!name.isEmpty() && !known.add(name)) {
                throw file.invalid("line " + cells.line() + ": two columns are named '" + name + "'");
            }
            names.add(name);
        }
        return names;
    }

    /** The names of the columns; one may be empty. */
    List<String> header() {
        return header;
    }

    /**
     * The next record; its cells are another's afterwards. Null at the end.
     *
     * @throws ProblemException INVALID_DATASET
     */
    @Nullable
    CsvCells next() {
        CsvCells cells = first == null ? record() : first;
        first = null;
        if (cells != null && cells.count() != header.size()) {
            throw file.invalid("line " + cells.line() + ": it has " + cells.count() + " cells, but the header has "
                    + header.size());
        }
        return cells;
    }

    private @Nullable CsvCells record() {
        try {
            if (!records.hasNext()) {
                return null;
            }
            CsvCells cells = records.next();
            line = cells.line();
            return cells;
        } catch (CsvParseException malformed) {
            throw file.invalid("behind line " + line + ": " + reason(malformed));
        } catch (UncheckedIOException failed) {
            if (failed.getCause() instanceof CharacterCodingException) {
                throw file.invalid("behind line " + line
                        + ": this is not the encoding; say which it is in encoding, such as ISO-8859-1");
            }
            throw failed;
        }
    }

    private static String reason(CsvParseException malformed) {
        Throwable cause = malformed.getCause() == null ? malformed : malformed.getCause();
        return String.valueOf(cause.getMessage()).contains("closing quote")
                ? "this is not CSV: a quoted cell must end before the delimiter"
                : "a cell has more than " + MAX_CELL + " characters, or its record far more; is a quote not closed?";
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }

    /** Where a cell stands, for people. */
    String place(CsvCells cells, int column) {
        return "line " + cells.line() + ", column '" + header.get(column) + "': ";
    }

    UploadedFile file() {
        return file;
    }
}
