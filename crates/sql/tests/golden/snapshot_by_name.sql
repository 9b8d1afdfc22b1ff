-- genie-handoff: SNAPSHOT
-- plan: customers
-- plan id: 6b1f7c1e-9a55-4a5e-8f5e-0f7c2f6b9d10
-- plan version: 1.0.0
-- plan hash: 0e91605d479fb981607bd981f0f9271822696270fd8ed8915de30f00fb99ebf4
-- genie session: 01efb6dffce81535b00f4865c7a33f61
INSERT INTO `main`.`mart`.`customers` BY NAME
REPLACE WHERE `day` = DATE'2026-01-15'
SELECT `id`, `name`,
  DATE'2026-01-15' AS `day`
FROM `lake-house`.`raw`.`customers`
WHERE (status <> 'test' OR status IS NULL)
