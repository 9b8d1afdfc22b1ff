-- genie-handoff: DEDUPLICATE
-- plan: customers
-- plan id: 6b1f7c1e-9a55-4a5e-8f5e-0f7c2f6b9d10
-- plan version: 1.0.0
-- plan hash: 786af0bc66514b8e0cc69ddd49fe8f51d6768e3bb27d926bc70f9f809e367268
-- genie session: 01efb6dffce81535b00f4865c7a33f61
CREATE OR REPLACE TABLE `main`.`mart`.`customers`
USING DELTA
AS SELECT `id`, `name`, `order-date`
FROM (
  SELECT `id`, `name`, `order-date`,
    ROW_NUMBER() OVER (PARTITION BY `id` ORDER BY `order-date` DESC NULLS LAST, `name` DESC) AS `__gh_n`
  FROM `lake-house`.`raw`.`customers`
  WHERE (status <> 'test' OR status IS NULL)
)
WHERE `__gh_n` = 1
