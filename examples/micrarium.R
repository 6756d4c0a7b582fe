# Studies and tables of a Micrarium server in R. No package of ours: source() this file. Needs jsonlite.
#
#   source("micrarium.R")
#   studies <- mic_search("https://micrarium.example.org", "zebrafish")
#   study <- mic_study("https://micrarium.example.org", "MIC-000001")
#   objects <- mic_rows(study, "objects", fromFrame = 0, toFrame = 9)
#   speeds <- mic_sql("https://micrarium.example.org", "SELECT organism, avg(mean_speed) FROM measures JOIN datasets USING (dataset) GROUP BY 1")
#
# Positions are in the unit of the deposited file, which mic_units() tells; frames count from 0.

.mic_query <- function(values) {
  if (length(values) == 0) return("")
  escaped <- vapply(values, function(one) utils::URLencode(format(one, scientific = FALSE, trim = TRUE, digits = 15), reserved = TRUE), "")
  paste0("?", paste(names(values), escaped, sep = "=", collapse = "&"))
}

.mic_json <- function(address, ...) jsonlite::fromJSON(paste0(address, .mic_query(list(...))))

# Studies that hold the words, newest first: one row for each, at most 100.
mic_search <- function(server, words = "", ...) {
  .mic_json(paste0(sub("/+$", "", server), "/api/v1/studies"), q = words, limit = 100, ...)$studies
}

# A version of a study (the newest where none is named) as the server tells it, with its address.
mic_study <- function(server, accession, version = NULL) {
  address <- paste0(sub("/+$", "", server), "/api/v1/studies/", accession)
  found <- .mic_json(if (is.null(version)) address else paste0(address, "/versions/", version))
  found$address <- paste0(address, "/versions/", found$version)
  found
}

.mic_table <- function(study, table, item) {
  if (is.null(item)) {
    has <- which(vapply(study$items$trackSets, function(sets) NROW(sets) > 0, TRUE))
    if (length(has) == 0) stop(study$accession, " has no set of tracks")
    item <- study$items$id[has[1]]
  }
  paste0(study$address, "/items/", item, if (table == "objects") "/objects" else paste0("/rows/", table))
}

# All rows of a table (objects, edges, links, tracks, measures) of the first set of tracks, or of the item named.
# Further arguments choose rows: frame, fromFrame, toFrame, fromTime, toTime, box = "x0,y0,x1,y1", track, link, label, part.
mic_rows <- function(study, table = "objects", item = NULL, ...) {
  address <- .mic_table(study, table, item)
  cursor <- list()
  pages <- list()
  repeat {
    page <- do.call(.mic_json, c(list(address, limit = 1000), list(...), cursor))
    pages[[length(pages) + 1]] <- page$rows
    if (is.null(page$nextCursor)) break
    cursor <- list(cursor = page$nextCursor)
  }
  rows <- as.data.frame(do.call(rbind, pages), stringsAsFactors = FALSE)
  names(rows) <- page$columns$name
  utils::type.convert(rows, as.is = TRUE)
}

# Units of the columns of a table, by name; NA where there is none.
mic_units <- function(study, table = "objects", item = NULL) {
  columns <- .mic_json(.mic_table(study, table, item), limit = 1)$columns
  if (is.null(columns$unit)) columns$unit <- NA
  stats::setNames(columns$unit, columns$name)
}

# The result of one SELECT over the public tables of the server; docs/lake.md tells of its views.
mic_sql <- function(server, statement) {
  utils::read.csv(paste0(sub("/+$", "", server), "/api/v1/sql", .mic_query(list(q = statement, format = "csv"))))
}
