/** Imported before what logs: the runs that are measured would print their summary lines between the table's. */
process.env['POWERTOOLS_LOG_LEVEL'] ??= 'SILENT';
