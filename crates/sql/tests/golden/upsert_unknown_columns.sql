-- genie-handoff: MERGE_UPSERT
-- plan: customers
-- plan id: 6b1f7c1e-9a55-4a5e-8f5e-0f7c2f6b9d10
-- plan version: 1.0.0
-- plan hash: 7acb8e936eed39e056a319192b833baf2d90488cc62168d92feb55dff9f15133
-- genie session: 01efb6dffce81535b00f4865c7a33f61
MERGE INTO `main`.`mart`.`customers` AS t
USING (
  SELECT `__gh_row`.*
  FROM (
    SELECT struct(*) AS `__gh_row`,
      ROW_NUMBER() OVER (PARTITION BY `id` ORDER BY to_json(struct(*)) DESC) AS `__gh_n`
    FROM `lake-house`.`raw`.`customers`
    WHERE (status <> 'test' OR status IS NULL)
  )
  WHERE `__gh_n` = 1
) AS s
ON t.`id` <=> s.`id`
WHEN MATCHED THEN UPDATE SET *
WHEN NOT MATCHED THEN INSERT *
